import type { ContainerView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useRouter } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { queries } from '../../api/client.ts';
import { isNotFound } from '../../api/refusal.ts';
import type { Command } from '../../app/command/command-store.ts';
import { useCommands } from '../../app/command/use-commands.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import tabs from '../../ui/tabs.module.css';
import { ContainerActions } from './container-actions.tsx';
import { containerLook } from './container-look.ts';

const rooms = [
  { to: '/containers/$id/logs', words: 'Logs', keys: '1' },
  { to: '/containers/$id/terminal', words: 'Terminal', keys: '2' },
  { to: '/containers/$id/plots', words: 'Plots', keys: '3' },
  { to: '/containers/$id/inspect', words: 'Inspect', keys: '4' },
] as const;

/** The container of this name or id, kept true by events. */
export function useContainer(id: string) {
  return useQuery(queries.containers.inspect.queryOptions({ input: { id } }));
}

/** What stands above every room of a container. */
export function ContainerLayout(): ReactNode {
  const { id } = useParams({ from: '/containers/$id' });
  const { data, error, refetch } = useContainer(id);
  const router = useRouter();
  useCommands(
    useMemo(
      () =>
        rooms.map(
          ({ to, words, keys }): Command => ({
            id: `room ${to}`,
            group: id,
            words,
            keys,
            run: () => void router.navigate({ to, params: { id } }),
          }),
        ),
      [id, router],
    ),
  );
  const container = data?.container as ContainerView | undefined;
  const gone = isNotFound(error);
  const look = container && !gone ? containerLook(container) : undefined;
  return (
    <Page
      name={container?.name ?? id}
      wide
      trail={trailOf(container)}
      title={
        <>
          {look === undefined ? <Skeleton width="0.75rem" /> : <StateMark look={look} />}
          {container?.name ?? id}
        </>
      }
      about={
        container === undefined ? (
          <Skeleton width="16rem" />
        ) : (
          <>
            <span>{gone ? 'Gone' : container.status}</span>
            {container.host !== undefined && (
              <span>
                on{' '}
                <Link to="/hosts/$host" params={{ host: container.host }}>
                  {container.host}
                </Link>
              </span>
            )}
            <code>{container.image}</code>
            <code title={container.id}>{container.id.slice(0, 12)}</code>
          </>
        )
      }
      actions={
        container === undefined ? (
          <Skeleton width="15rem" height="1.875rem" />
        ) : (
          !gone && <ContainerActions container={container} />
        )
      }
    >
      {gone && (
        <Notice tone="idle">
          <strong>This container is gone.</strong>{' '}
          {container?.stack !== undefined && (
            <Link to="/stacks/$name" params={{ name: container.stack }}>
              What {container.stack} runs now
            </Link>
          )}
        </Notice>
      )}
      {error !== null && !gone && <Failure of={`the container ${id}`} error={error} retry={() => void refetch()} />}
      <nav className={tabs.tabs} aria-label="Rooms of the container">
        {rooms.map(({ to, words }) => (
          <Link key={to} to={to} params={{ id }} className={tabs.tab}>
            {words}
          </Link>
        ))}
      </nav>
      <Outlet />
    </Page>
  );
}

function trailOf(container: ContainerView | undefined): readonly ReactNode[] {
  if (container === undefined) return [<Skeleton key="stack" width="6rem" />];
  if (container.stack === undefined)
    return [
      <Link key="containers" to="/host/containers">
        Containers
      </Link>,
    ];
  return [
    <Link key="stacks" to="/stacks">
      Stacks
    </Link>,
    <Link key="stack" to="/stacks/$name" params={{ name: container.stack }}>
      {container.stack}
    </Link>,
  ];
}
