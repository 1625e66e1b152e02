import '@xterm/xterm/css/xterm.css';
import { useComputedColorScheme } from '@mantine/core';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import { type ReactNode, useEffect, useRef } from 'react';
import { terminalColours } from './terminal-colours.ts';
import classes from './terminal-page.module.css';

/** The way to a screen for whoever has something to show on it. */
export type ScreenHandle = {
  readonly columns: number;
  readonly rows: number;
  write(bytes: Uint8Array | string): void;
  focus(): void;
};

type Props = {
  readonly onReady: (screen: ScreenHandle) => void;
  readonly onInput: (text: string) => void;
  readonly onResize: (columns: number, rows: number) => void;
  /** Shift and Escape were pressed: the keyboard goes elsewhere. */
  readonly onLeave: () => void;
};

/** A terminal's screen and keyboard. */
export function Screen(props: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal>(undefined);
  const handlers = useRef(props);
  handlers.current = props;
  const scheme = useComputedColorScheme();

  useEffect(() => {
    const element = host.current!;
    const made = new Terminal({
      fontFamily: getComputedStyle(element).getPropertyValue('--mono').trim(),
      fontSize: 13,
      lineHeight: 1.25,
      scrollback: 5000,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      theme: terminalColours(element),
      allowProposedApi: false,
    });
    const fit = new FitAddon();
    made.loadAddon(fit);
    made.open(element);
    fit.fit();
    terminal.current = made;
    made.attachCustomKeyEventHandler((event) => {
      if (event.key !== 'Escape' || !event.shiftKey || event.type !== 'keydown') return true;
      handlers.current.onLeave();
      return false;
    });
    made.onData((text) => handlers.current.onInput(text));
    made.onResize(({ cols, rows }) => handlers.current.onResize(cols, rows));
    const watcher = new ResizeObserver(() => fit.fit());
    watcher.observe(element);
    handlers.current.onReady({
      get columns() {
        return made.cols;
      },
      get rows() {
        return made.rows;
      },
      write: (bytes) => made.write(bytes),
      focus: () => made.focus(),
    });
    return () => {
      watcher.disconnect();
      made.dispose();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme is what changes the colours
  useEffect(() => {
    if (terminal.current !== undefined) terminal.current.options.theme = terminalColours(host.current!);
  }, [scheme]);
  return <div ref={host} className={classes.screen} />;
}
