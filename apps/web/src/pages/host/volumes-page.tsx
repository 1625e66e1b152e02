import type { VolumeView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { bytesWords } from '../../words/bytes.ts';
import { countWords, listWords } from '../../words/count.ts';
import classes from './host.module.css';
import { StackOf } from './networks-page.tsx';
import { useFilter } from './use-filter.tsx';

const columns: readonly Column[] = [
  { name: 'Volume' },
  { name: 'Stack' },
  { name: 'Used by' },
  { name: 'Driver', fit: true },
  { name: 'Size', align: 'right', fit: true },
  { name: 'Action', silent: true, fit: true },
];

/** The volumes of the host. Removing one asks for its name, because its data goes with it. */
export function VolumesPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.volumes.list.queryOptions());
  const { field, matches } = useFilter('Volumes');
  const [removing, setRemoving] = useState<VolumeView>();
  const all = data as readonly VolumeView[] | undefined;
  return (
    <Page
      name="Volumes"
      title="Volumes"
      about={<span>{all === undefined ? '\u00a0' : countWords(all.length, 'volume')}</span>}
      actions={field}
    >
      {error !== null && <Failure of="the volumes" error={error} retry={() => void refetch()} />}
      <Table label="Volumes" columns={columns}>
        {all === undefined ? (
          <SkeletonRows rows={5} widths={['10rem', '5rem', '7rem', '3rem', '4rem', '4rem']} />
        ) : (
          all
            .filter(({ name, stack, usedBy }) => matches(name, stack, ...usedBy))
            .map((volume) => (
              <tr key={volume.name}>
                <td title={volume.mountpoint} style={{ overflowWrap: 'anywhere' }}>
                  {volume.name}
                </td>
                <td>
                  <StackOf name={volume.stack} />
                </td>
                <td>
                  {volume.usedBy.length === 0 ? (
                    <span className={classes.quiet}>nothing</span>
                  ) : (
                    volume.usedBy.map((container) => (
                      <div key={container}>
                        <Link to="/containers/$id/logs" params={{ id: container }}>
                          {container}
                        </Link>
                      </div>
                    ))
                  )}
                </td>
                <td data-fit>{volume.driver}</td>
                <td data-align="right" data-fit>
                  {volume.sizeBytes === undefined || volume.sizeBytes < 0 ? '–' : bytesWords(volume.sizeBytes)}
                </td>
                <td data-fit>
                  <ActionButton
                    size="compact-xs"
                    disabledReason={
                      volume.usedBy.length > 0 ? `${listWords(volume.usedBy.slice(0, 3))} uses it` : undefined
                    }
                    onClick={() => setRemoving(volume)}
                  >
                    Remove…
                  </ActionButton>
                </td>
              </tr>
            ))
        )}
      </Table>
      <ConfirmDialog
        opened={removing !== undefined}
        title={`Remove the volume ${removing?.name}`}
        confirmWords="Remove it and its data"
        typeToConfirm={removing?.name}
        onConfirm={() => api.volumes.remove({ name: removing?.name ?? '', confirm: removing?.name ?? '' })}
        onClose={() => setRemoving(undefined)}
      >
        <p>
          <strong>All data in {removing?.name} goes</strong>
          {removing?.sizeBytes !== undefined && removing.sizeBytes >= 0 && `, ${bytesWords(removing.sizeBytes)}`}. It
          cannot be brought back.
        </p>
      </ConfirmDialog>
    </Page>
  );
}
