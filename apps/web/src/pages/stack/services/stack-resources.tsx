import type { NetworkView, VolumeView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { bytesWords } from '../../../words/bytes.ts';
import classes from './services-page.module.css';

const columns: readonly Column[] = [
  { name: 'Name' },
  { name: 'Kind', fit: true },
  { name: 'Used by' },
  { name: 'Size', align: 'right', fit: true },
];

/** The volumes and networks of a stack. */
export function StackResources({ name }: { readonly name: string }): ReactNode {
  const volumes = useQuery(queries.volumes.list.queryOptions()).data as readonly VolumeView[] | undefined;
  const networks = useQuery(queries.networks.list.queryOptions()).data as readonly NetworkView[] | undefined;
  const ownVolumes = volumes?.filter(({ stack }) => stack === name);
  const ownNetworks = networks?.filter(({ stack }) => stack === name);
  return (
    <section aria-label="Volumes and networks">
      <h2>Volumes and networks</h2>
      <Table label={`Volumes and networks of ${name}`} columns={columns}>
        {ownVolumes === undefined || ownNetworks === undefined ? (
          <SkeletonRows rows={2} widths={['9rem', '3rem', '7rem', '3rem']} />
        ) : (
          <>
            {ownVolumes.map((volume) => (
              <tr key={`volume ${volume.name}`}>
                <td>{volume.name}</td>
                <td data-fit>volume</td>
                <td className={classes.quiet}>{volume.usedBy.join(', ') || 'nothing'}</td>
                <td data-align="right" data-fit>
                  {volume.sizeBytes === undefined || volume.sizeBytes < 0 ? '–' : bytesWords(volume.sizeBytes)}
                </td>
              </tr>
            ))}
            {ownNetworks.map((network) => (
              <tr key={`network ${network.id}`}>
                <td>{network.name}</td>
                <td data-fit>network</td>
                <td className={classes.quiet}>
                  {network.containers} {network.containers === 1 ? 'container' : 'containers'}, {network.driver}
                </td>
                <td data-align="right" data-fit>
                  –
                </td>
              </tr>
            ))}
            {ownVolumes.length + ownNetworks.length === 0 && (
              <tr data-quiet>
                <td colSpan={4} className={classes.quiet}>
                  None yet
                </td>
              </tr>
            )}
          </>
        )}
      </Table>
    </section>
  );
}
