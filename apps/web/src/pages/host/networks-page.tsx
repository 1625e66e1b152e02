import type { NetworkView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, queries } from '../../api/client.ts';
import type { Question } from '../../ui/confirm-about.tsx';
import { countWords } from '../../words/count.ts';
import classes from './host.module.css';
import { ListPage } from './list-page.tsx';
import { StackOf } from './stack-of.tsx';

const columns = [
  { name: 'Network', skeleton: '9rem' },
  { name: 'Stack', skeleton: '5rem' },
  { name: 'Driver', fit: true, skeleton: '4rem' },
  { name: 'Subnets', skeleton: '7rem' },
  { name: 'Containers', align: 'right', fit: true, skeleton: '1.5rem' },
] as const;

/** The networks of the host. */
export function NetworksPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.networks.list.queryOptions());
  return (
    <ListPage
      title="Networks"
      one="network"
      list={{ items: data as readonly NetworkView[] | undefined, error, reload: () => void refetch() }}
      columns={columns}
      keyOf={({ id }) => id}
      wordsOf={({ name, stack, driver }) => [name, stack, driver]}
      cells={cells}
      reasonToKeep={reasonToKeep}
      removal={removal}
    />
  );
}

function cells({ name, internal, stack, driver, subnets, containers }: NetworkView): ReactNode {
  return (
    <>
      <td>
        {name} {internal && <span className={classes.quiet}>internal</span>}
      </td>
      <td>
        <StackOf name={stack} />
      </td>
      <td data-fit>{driver}</td>
      <td className={classes.mono}>{subnets.join(', ') || '–'}</td>
      <td data-align="right" data-fit>
        {containers}
      </td>
    </>
  );
}

function reasonToKeep({ name, containers }: NetworkView): string | undefined {
  if (name === 'bridge' || name === 'host' || name === 'none') return 'the engine made it and needs it';
  return containers > 0 ? `${countWords(containers, 'container is', 'containers are')} attached to it` : undefined;
}

function removal({ id, name, stack }: NetworkView): Question {
  return {
    title: `Remove the network ${name}`,
    confirmWords: 'Remove it',
    onConfirm: () => api.networks.remove({ id }),
    text: (
      <p>
        <strong>{name}</strong> goes. Nothing is attached to it; no data is lost.
        {stack !== undefined && ` A deploy of ${stack} makes it again.`}
      </p>
    ),
  };
}
