import type { EnvironmentView } from '@drover/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { environment } from '../../api/environment.ts';
import { basePathOf, localEnvironment, sameRoomIn } from '../../api/environment-address.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Ago } from '../../ui/ago.tsx';
import { ConfirmAbout } from '../../ui/confirm-about.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { environmentLook } from './environment-look.ts';
import classes from './environments-page.module.css';
import { NewEnvironmentForm } from './new-environment-form.tsx';

const columns: readonly Column[] = [
  { name: 'Environment' },
  { name: 'Kind', fit: true },
  { name: 'State' },
  { name: 'Stacks', fit: true },
  { name: 'Made', fit: true },
  { name: 'Action', silent: true, fit: true },
];

/** All environments: where they are, how they are, and how to make and remove one. */
export function EnvironmentsPage(): ReactNode {
  const queryClient = useQueryClient();
  const list = queries.environments.list.queryOptions();
  const { data, error, refetch } = useQuery(list);
  const [removing, setRemoving] = useState<EnvironmentView>();
  const reload = (): Promise<void> => queryClient.invalidateQueries({ queryKey: list.queryKey });
  return (
    <Page
      name="Environments"
      title="Environments"
      about={<span>Each has its own hosts, stacks and variables. Registries are shared by all.</span>}
    >
      <NewEnvironmentForm onMade={() => void reload()} />
      {error !== null && <Failure of="the environments" error={error} retry={() => void refetch()} />}
      <Table label="Environments" columns={columns}>
        {data === undefined ? (
          <SkeletonRows rows={2} widths={['9rem', '4rem', '8rem', '2rem', '4rem', '4rem']} />
        ) : (
          data.map((each) => <Row key={each.name} environment={each} onRemove={() => setRemoving(each)} />)
        )}
      </Table>
      <ConfirmAbout
        subject={removing}
        ask={({ name }) => ({
          title: `Remove ${name}`,
          confirmWords: 'Remove it',
          onConfirm: async () => {
            await api.environments.remove({ name });
            // This page is of the one that is gone.
            if (name === environment) location.assign(sameRoomIn(localEnvironment, '/environments'));
            else await reload();
          },
          text: (
            <p>
              Drover forgets the environment <strong>{name}</strong>. What runs on its host is not touched.
            </p>
          ),
        })}
        onClose={() => setRemoving(undefined)}
      />
    </Page>
  );
}

function Row({
  environment: { name, kind, state, reason, stacks, createdAt },
  onRemove,
}: {
  readonly environment: EnvironmentView;
  readonly onRemove: () => void;
}): ReactNode {
  const look = environmentLook(state);
  return (
    <tr>
      <td>
        <a
          className={classes.name}
          href={`${basePathOf(name)}/stacks`}
          aria-current={name === environment || undefined}
        >
          {name}
        </a>
      </td>
      <td data-fit>{kind}</td>
      <td className={classes.state}>
        <StateMark look={look} /> {look.word}
        {reason !== undefined && <span className={classes.reason}>{reason}</span>}
      </td>
      <td data-fit>{stacks}</td>
      <td data-fit className={classes.reason}>
        <Ago at={createdAt} />
      </td>
      <td data-fit>
        {name !== localEnvironment && (
          <a className={classes.hosts} href={`${basePathOf(name)}/hosts`} aria-label={`Hosts of ${name}`}>
            Hosts
          </a>
        )}
        <ActionButton size="compact-xs" onClick={onRemove} disabledReason={keptBecause(name, stacks)}>
          Remove…
        </ActionButton>
      </td>
    </tr>
  );
}

function keptBecause(name: string, stacks: number): string | undefined {
  if (name === localEnvironment) return 'It is the engine of this server, always there';
  return stacks === 0
    ? undefined
    : `It has ${stacks === 1 ? 'a stack' : `${stacks} stacks`}; remove and forget them first`;
}
