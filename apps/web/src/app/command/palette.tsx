import { Modal } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Command } from './command-store.ts';
import { fuzzyFilter } from './fuzzy.ts';
import { KeyCaps } from './key-caps.tsx';
import classes from './palette.module.css';
import { useCommandList } from './use-commands.ts';

/** The command palette: type a few letters of what you want, Enter does it. */
export function Palette({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size="36rem"
      centered={false}
      yOffset="12dvh"
      aria-label="Command palette"
    >
      <PaletteContent onClose={onClose} />
    </Modal>
  );
}

function PaletteContent({ onClose }: { readonly onClose: () => void }): ReactNode {
  const listId = useId();
  const [query, setQuery] = useState('');
  const [selected, setSelected] = useState(0);
  const commands = useCommandList().filter(({ silent }) => !silent);
  const found = fuzzyFilter(query, commands, ({ group, words }) => `${words} ${group}`).slice(0, 60);
  const active = Math.min(selected, found.length - 1);
  const activeRef = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the selection is what brings the item into view
  useEffect(() => {
    activeRef.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const run = (command: Command | undefined): void => {
    if (command === undefined || command.disabledReason !== undefined) return;
    onClose();
    // After the dialog gave the focus back, so that a command may move it.
    setTimeout(() => command.run(), 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setSelected(Math.max(0, Math.min(found.length - 1, active + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[active]);
    }
  };

  return (
    <>
      <input
        className={classes.input}
        data-autofocus
        placeholder="Go to a stack or a page, or do something"
        aria-label="Command"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found[active] && `${listId}-${active}`}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setSelected(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={classes.list} id={listId} role="listbox" aria-label="Commands">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and takes the keys
          <div
            key={command.id}
            id={`${listId}-${index}`}
            ref={index === active ? activeRef : undefined}
            className={classes.item}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            aria-disabled={command.disabledReason !== undefined}
            onMouseMove={() => setSelected(index)}
            onClick={() => run(command)}
          >
            <span className={classes.group}>{command.group}</span>
            <span className={classes.words}>{command.words}</span>
            {command.disabledReason !== undefined && <span className={classes.reason}>{command.disabledReason}</span>}
            {command.keys !== undefined && <KeyCaps keys={command.keys} />}
          </div>
        ))}
        {found.length === 0 && <p className={classes.nothing}>Nothing is called that.</p>}
      </div>
    </>
  );
}
