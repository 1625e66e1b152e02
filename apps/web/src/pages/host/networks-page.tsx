import type { NetworkView } from '@drover/contract';
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
import { countWords } from '../../words/count.ts';
import classes from './host.module.css';
import { useFilter } from './use-filter.tsx';

const columns: readonly Column[] = [
  { name: 'Network' },
  { name: 'Stack' },
  { name: 'Driver', fit: true },
  { name: 'Subnets' },
  { name: 'Containers', align: 'right', fit: true },
  { name: 'Action', silent: true, fit: true },
];

/** The networks of the host. */
export function NetworksPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.networks.list.queryOptions());
  const { field, matches } = useFilter('Networks');
  const [removing, setRemoving] = useState<NetworkView>();
  const all = data as readonly NetworkView[] | undefined;
  return (
    <Page
      name="Networks"
      title="Networks"
      about={<span>{all === undefined ? '\u00a0' : countWords(all.length, 'network')}</span>}
      actions={field}
    >
      {error !== null && <Failure of="the networks" error={error} retry={() => void refetch()} />}
      <Table label="Networks" columns={columns}>
        {all === undefined ? (
          <SkeletonRows rows={5} widths={['9rem', '5rem', '4rem', '7rem', '1.5rem', '4rem']} />
        ) : (
          all
            .filter(({ name, stack, driver }) => matches(name, stack, driver))
            .map((network) => (
              <tr key={network.id}>
                <td>
                  {network.name} {network.internal && <span className={classes.quiet}>internal</span>}
                </td>
                <td>
                  <StackOf name={network.stack} />
                </td>
                <td data-fit>{network.driver}</td>
                <td className={classes.mono}>{network.subnets.join(', ') || '–'}</td>
                <td data-align="right" data-fit>
                  {network.containers}
                </td>
                <td data-fit>
                  <ActionButton
                    size="compact-xs"
                    disabledReason={reasonToKeep(network)}
                    onClick={() => setRemoving(network)}
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
        title={`Remove the network ${removing?.name}`}
        confirmWords="Remove it"
        onConfirm={() => api.networks.remove({ id: removing?.id ?? '' })}
        onClose={() => setRemoving(undefined)}
      >
        <p>
          <strong>{removing?.name}</strong> goes. Nothing is attached to it; no data is lost.
          {removing?.stack !== undefined && ` A deploy of ${removing.stack} makes it again.`}
        </p>
      </ConfirmDialog>
    </Page>
  );
}

/** A link to the stack that something belongs to. */
export function StackOf({ name }: { readonly name: string | undefined }): ReactNode {
  if (name === undefined) return <span className={classes.quiet}>–</span>;
  return (
    <Link to="/stacks/$name" params={{ name }}>
      {name}
    </Link>
  );
}

function reasonToKeep({ name, containers }: NetworkView): string | undefined {
  if (name === 'bridge' || name === 'host' || name === 'none') return 'the engine made it and needs it';
  return containers > 0 ? `${countWords(containers, 'container is', 'containers are')} attached to it` : undefined;
}
