import { Link, Outlet, useParams, useRouter } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { isNotFound } from '../../api/refusal.ts';
import type { Command } from '../../app/command/command-store.ts';
import { useCommands } from '../../app/command/use-commands.ts';
import { Ago } from '../../ui/ago.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import tabs from '../../ui/tabs.module.css';
import { countWords } from '../../words/count.ts';
import { StackActions } from './stack-actions.tsx';
import { stackLook } from './stack-look.ts';
import { StackNotices } from './stack-notices.tsx';
import { useStack } from './use-stack.ts';

const rooms = [
  { to: '/stacks/$name', words: 'Services', keys: '1' },
  { to: '/stacks/$name/edit', words: 'Files', keys: '2' },
  { to: '/stacks/$name/variables', words: 'Variables', keys: '3' },
  { to: '/stacks/$name/logs', words: 'Logs', keys: '4' },
  { to: '/stacks/$name/history', words: 'History', keys: '5' },
] as const;

/** What stands above every room of a stack: its state, what can be done to it, and what its reader has to know. */
export function StackLayout(): ReactNode {
  const { name } = useParams({ from: '/stacks/$name' });
  const { data: stack, error, refetch } = useStack(name);
  const router = useRouter();
  useCommands(
    useMemo(
      () =>
        rooms.map(
          ({ to, words, keys }): Command => ({
            id: `room ${to}`,
            group: name,
            words,
            keys,
            run: () => void router.navigate({ to, params: { name } }),
          }),
        ),
      [name, router],
    ),
  );
  const trail = [
    <Link key="stacks" to="/stacks">
      Stacks
    </Link>,
  ];
  if (isNotFound(error) && stack === undefined)
    return (
      <Page name={name} trail={trail} title={name}>
        <Notice tone="idle">
          <strong>There is no stack of this name.</strong> It may have been removed.{' '}
          <Link to="/stacks">All stacks</Link>
        </Notice>
      </Page>
    );
  const look = stack && stackLook(stack.state);
  return (
    <Page
      name={name}
      trail={trail}
      title={
        <>
          {look === undefined ? <Skeleton width="0.75rem" /> : <StateMark look={look} />}
          {name}
        </>
      }
      about={
        stack === undefined ? (
          <Skeleton width="18rem" />
        ) : (
          <>
            <span>{look?.word}</span>
            {stack.managed && (
              <span>
                {stack.revision === undefined ? 'no revision yet' : `revision ${stack.revision}`}
                {stack.lastDeployment?.endedAt !== undefined && (
                  <>
                    , last deployment <Ago at={stack.lastDeployment.endedAt} />
                  </>
                )}
              </span>
            )}
            <span>{countWords(stack.services, 'service')}</span>
            {stack.workingDir !== undefined && <code>{stack.workingDir}</code>}
          </>
        )
      }
      actions={
        stack === undefined ? (
          <Skeleton width="15rem" height="1.875rem" />
        ) : (
          stack.managed && <StackActions stack={stack} />
        )
      }
    >
      {error !== null && !isNotFound(error) && (
        <Failure of={`the stack ${name}`} error={error} retry={() => void refetch()} />
      )}
      {stack !== undefined && <StackNotices stack={stack} />}
      <nav className={tabs.tabs} aria-label="Rooms of the stack">
        {rooms
          .filter(({ to }) => stack?.managed !== false || to === '/stacks/$name' || to === '/stacks/$name/logs')
          .map(({ to, words }) => (
            <Link key={to} to={to} params={{ name }} className={tabs.tab} activeOptions={{ exact: true }}>
              {words}
            </Link>
          ))}
      </nav>
      <Outlet />
    </Page>
  );
}
