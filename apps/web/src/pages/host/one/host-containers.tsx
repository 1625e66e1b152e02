import type { ContainerPage } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { Failure } from '../../../ui/failure.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Table } from '../../../ui/table.tsx';
import { ContainerRow, containerColumns } from '../container-row.tsx';
import classes from '../host.module.css';

const most = 100;

/** The containers of one host of a Swarm; without a name, of the only host there is. */
export function HostContainers({ host }: { readonly host: string | undefined }): ReactNode {
  const { data, error, refetch } = useQuery(
    queries.containers.page.queryOptions({ input: { limit: most, ...(host === undefined ? {} : { host }) } }),
  );
  const page = data as ContainerPage | undefined;
  return (
    <section className={classes.part}>
      <h2>Containers</h2>
      {error !== null && <Failure of="its containers" error={error} retry={() => void refetch()} />}
      {page?.total === 0 ? (
        <Notice tone="idle">It runs no container.</Notice>
      ) : (
        error === null && (
          <Table label="Containers of the host" columns={containerColumns(false)}>
            {page === undefined ? (
              <SkeletonRows rows={3} widths={['10rem', '5rem', '8rem', '7rem']} />
            ) : (
              page.containers.map((container) => (
                <ContainerRow key={container.id} container={container} withHost={false} />
              ))
            )}
          </Table>
        )
      )}
      {page !== undefined && page.total > page.containers.length && (
        <p className={classes.quiet}>
          {page.containers.length} of {page.total}; <Link to="/host/containers">all containers</Link>
        </p>
      )}
    </section>
  );
}
