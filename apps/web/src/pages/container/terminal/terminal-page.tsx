import { type ContainerView, containerDisabledReason } from '@drover/contract';
import { TextInput } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { ActionButton } from '../../../ui/action-button.tsx';
import { type StateLook, StateMark } from '../../../ui/state-mark.tsx';
import { useContainer } from '../container-layout.tsx';
import { ExecSession } from './exec-session.ts';
import { Screen, type ScreenHandle } from './screen.tsx';
import classes from './terminal-page.module.css';

type State =
  | { readonly kind: 'closed'; readonly words: string }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' };

const looks: Readonly<Record<State['kind'], StateLook>> = {
  closed: { tone: 'idle', shape: 'square', word: 'Not connected' },
  opening: { tone: 'progress', shape: 'turning', word: 'Connecting' },
  open: { tone: 'good', shape: 'disc', word: 'Connected' },
};

/** The better of the shells that the container has. */
const shell = ['/bin/sh', '-c', 'if [ -x /bin/bash ]; then exec /bin/bash; else exec /bin/sh; fi'];

/** A program in the container, by default a shell, with a terminal around it. */
export function TerminalPage(): ReactNode {
  const { id } = useParams({ from: '/containers/$id' });
  const { data } = useContainer(id);
  const container = data?.container as ContainerView | undefined;
  const reason = container && containerDisabledReason('exec', container.state);
  const [command, setCommand] = useState('');
  const [user, setUser] = useState('');
  const [state, setState] = useState<State>({ kind: 'closed', words: '' });
  const [screen, setScreen] = useState<ScreenHandle>();
  const session = useRef<ExecSession>(undefined);
  const field = useRef<HTMLInputElement>(null);
  const begun = useRef(false);

  const connect = useCallback(
    (words: string, asUser: string): void => {
      if (screen === undefined) return;
      session.current?.close();
      screen.write('\x1bc');
      const made = new ExecSession({
        onOpen: () => {
          setState({ kind: 'open' });
          screen.focus();
        },
        onOutput: (bytes) => screen.write(bytes),
        onEnd: (end) => {
          setState({ kind: 'closed', words: end });
          screen.write(`\r\n\x1b[2m${end}\x1b[0m\r\n`);
        },
      });
      session.current = made;
      setState({ kind: 'opening' });
      void made.open(id, {
        command: words.trim() === '' ? shell : words.trim().split(/\s+/),
        tty: true,
        interactive: true,
        columns: screen.columns,
        rows: screen.rows,
        environment: ['TERM=xterm-256color'],
        ...(asUser === '' ? {} : { user: asUser }),
      });
    },
    [id, screen],
  );
  const running = container?.state === 'running';
  useEffect(() => {
    // Who comes to this room wants a shell.
    if (!running || screen === undefined || begun.current) return;
    begun.current = true;
    connect('', '');
  }, [running, screen, connect]);
  useEffect(() => () => session.current?.close(), []);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason === undefined) connect(command, user);
  };
  return (
    <div className={classes.frame} data-fill>
      <form className={classes.bar} onSubmit={onSubmit}>
        <span className={classes.state} role="status">
          <StateMark look={looks[state.kind]} /> {looks[state.kind].word}
          {state.kind === 'closed' && state.words !== '' && `. ${state.words}`}
        </span>
        <span className={classes.hint}>Shift Esc leaves the terminal</span>
        <TextInput
          ref={field}
          placeholder="a shell"
          aria-label="Command"
          value={command}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setCommand(event.currentTarget.value)}
          w="12rem"
        />
        <TextInput
          placeholder="its own user"
          aria-label="User"
          value={user}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setUser(event.currentTarget.value)}
          w="8rem"
        />
        <ActionButton type="submit" disabledReason={reason}>
          {state.kind === 'open' ? 'Start anew' : 'Connect'}
        </ActionButton>
      </form>
      <Screen
        onReady={setScreen}
        onInput={(text) => session.current?.write(text)}
        onResize={(columns, rows) => session.current?.resize(columns, rows)}
        onLeave={() => field.current?.focus()}
      />
    </div>
  );
}
