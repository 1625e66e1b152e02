import type { ContainerView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queries } from '../../api/client.ts';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { countWords } from '../../words/count.ts';
import { useEnvironmentKind } from '../environment/use-environment-kind.ts';
import { ContainerRow, containerColumns } from './container-row.tsx';
import { useFilter } from './use-filter.tsx';

/** Every container of the environment, those that no stack has too; of a Swarm with their hosts. */
export function ContainersPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.containers.list.queryOptions({ input: {} }));
  const kind = useEnvironmentKind();
  const withHost = kind === 'swarm';
  const { field, matches } = useFilter('Containers');
  const all = data as readonly ContainerView[] | undefined;
  const shown = all?.filter(({ name, image, stack, host }) => matches(name, image, stack, host));
  return (
    <Page
      name="Containers"
      title="Containers"
      about={<span>{all === undefined ? '\u00a0' : aboutWords(all)}</span>}
      actions={field}
    >
      {error !== null && <Failure of="the containers" error={error} retry={() => void refetch()} />}
      {/* How many columns there are depends on the kind. */}
      {kind !== undefined && (
        <Table label="Containers" columns={containerColumns(withHost)}>
          {shown === undefined ? (
            <SkeletonRows rows={6} widths={['10rem', '5rem', ...(withHost ? ['5rem'] : []), '8rem', '7rem']} />
          ) : (
            shown.map((container) => <ContainerRow key={container.id} container={container} withHost={withHost} />)
          )}
        </Table>
      )}
    </Page>
  );
}

function aboutWords(containers: readonly ContainerView[]): string {
  const running = containers.filter(({ state }) => state === 'running').length;
  return `${countWords(containers.length, 'container')}, ${running} running`;
}
