import type { VolumeView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, queries } from '../../api/client.ts';
import type { Question } from '../../ui/confirm-about.tsx';
import { bytesWords } from '../../words/bytes.ts';
import { listWords } from '../../words/count.ts';
import classes from './host.module.css';
import { ListPage } from './list-page.tsx';
import { StackOf } from './stack-of.tsx';

const columns = [
  { name: 'Volume', skeleton: '10rem' },
  { name: 'Stack', skeleton: '5rem' },
  { name: 'Used by', skeleton: '7rem' },
  { name: 'Driver', fit: true, skeleton: '3rem' },
  { name: 'Size', align: 'right', fit: true, skeleton: '4rem' },
] as const;

/** The volumes of the host. Removing one asks for its name, because its data goes with it. */
export function VolumesPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.volumes.list.queryOptions());
  return (
    <ListPage
      title="Volumes"
      one="volume"
      list={{ items: data as readonly VolumeView[] | undefined, error, reload: () => void refetch() }}
      columns={columns}
      keyOf={({ name }) => name}
      wordsOf={({ name, stack, usedBy }) => [name, stack, ...usedBy]}
      cells={cells}
      reasonToKeep={({ usedBy }) => (usedBy.length > 0 ? `${listWords(usedBy.slice(0, 3))} uses it` : undefined)}
      removal={removal}
    />
  );
}

function cells({ name, mountpoint, stack, usedBy, driver, sizeBytes }: VolumeView): ReactNode {
  return (
    <>
      <td title={mountpoint} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </td>
      <td>
        <StackOf name={stack} />
      </td>
      <td>
        {usedBy.length === 0 ? (
          <span className={classes.quiet}>nothing</span>
        ) : (
          usedBy.map((container) => (
            <div key={container}>
              <Link to="/containers/$id/logs" params={{ id: container }}>
                {container}
              </Link>
            </div>
          ))
        )}
      </td>
      <td data-fit>{driver}</td>
      <td data-align="right" data-fit>
        {isKnown(sizeBytes) ? bytesWords(sizeBytes) : '–'}
      </td>
    </>
  );
}

function removal({ name, sizeBytes }: VolumeView): Question {
  return {
    title: `Remove the volume ${name}`,
    confirmWords: 'Remove it and its data',
    typeToConfirm: name,
    onConfirm: () => api.volumes.remove({ name, confirm: name }),
    text: (
      <p>
        <strong>All data in {name} goes</strong>
        {isKnown(sizeBytes) && `, ${bytesWords(sizeBytes)}`}. It cannot be brought back.
      </p>
    ),
  };
}

function isKnown(bytes: number | undefined): bytes is number {
  return bytes !== undefined && bytes >= 0;
}
