import type { ContainerPage } from '@drover/contract';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { queries } from '../../api/client.ts';
import { Failure } from '../../ui/failure.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { countWords } from '../../words/count.ts';
import { useEnvironmentKind } from '../environment/use-environment-kind.ts';
import { ContainerRow, containerColumns } from './container-row.tsx';
import { useFilter } from './use-filter.tsx';

const firstRows = 100;
/** The most that the API gives at once. */
const mostRows = 500;
const typingMs = 150;

/** The containers of the environment, those that no stack has too; of a Swarm with their hosts. The server finds and sorts them. */
export function ContainersPage(): ReactNode {
  const kind = useEnvironmentKind();
  const withHost = kind === 'swarm';
  const { field, letters } = useFilter('Containers');
  const [search] = useDebouncedValue(letters, typingMs);
  const [limit, setLimit] = useState(firstRows);
  const { data, error, refetch } = useQuery(
    queries.containers.page.queryOptions({
      input: { limit, ...(search === '' ? {} : { search }) },
      placeholderData: keepPreviousData,
    }),
  );
  const page = data as ContainerPage | undefined;
  return (
    <Page name="Containers" title="Containers" about={<About />} actions={field}>
      {error !== null && <Failure of="the containers" error={error} retry={() => void refetch()} />}
      {/* How many columns there are depends on the kind. */}
      {kind !== undefined && (
        <Table label="Containers" columns={containerColumns(withHost)}>
          {page === undefined ? (
            <SkeletonRows rows={6} widths={['10rem', '5rem', ...(withHost ? ['5rem'] : []), '8rem', '7rem']} />
          ) : (
            page.containers.map((container) => (
              <ContainerRow key={container.id} container={container} withHost={withHost} />
            ))
          )}
        </Table>
      )}
      {page !== undefined && (
        <MoreRows shown={page.containers.length} total={page.total} most={mostRows} onMore={() => setLimit(mostRows)} />
      )}
    </Page>
  );
}

/** How many there are, and how many of them run. */
function About(): ReactNode {
  const all = useQuery(queries.containers.page.queryOptions({ input: { limit: 1 } })).data;
  const running = useQuery(queries.containers.page.queryOptions({ input: { limit: 1, state: 'running' } })).data;
  if (all === undefined || running === undefined) return <span>{'\u00a0'}</span>;
  return (
    <span>
      {countWords(all.total, 'container')}, {running.total} running
    </span>
  );
}
