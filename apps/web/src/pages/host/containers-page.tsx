import type { ContainerView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../api/client.ts';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { countWords } from '../../words/count.ts';
import { containerLook } from '../container/container-look.ts';
import classes from './host.module.css';
import { useFilter } from './use-filter.tsx';

const columns: readonly Column[] = [{ name: 'Container' }, { name: 'Stack' }, { name: 'Image' }, { name: 'Status' }];

/** Every container of the host, those that no stack has too. */
export function ContainersPage(): ReactNode {
  const { data, error, refetch } = useQuery(queries.containers.list.queryOptions({ input: {} }));
  const { field, matches } = useFilter('Containers');
  const all = data as readonly ContainerView[] | undefined;
  const shown = all?.filter(({ name, image, stack }) => matches(name, image, stack));
  return (
    <Page
      name="Containers"
      title="Containers"
      about={<span>{all === undefined ? '\u00a0' : aboutWords(all)}</span>}
      actions={field}
    >
      {error !== null && <Failure of="the containers" error={error} retry={() => void refetch()} />}
      <Table label="Containers" columns={columns}>
        {shown === undefined ? (
          <SkeletonRows rows={6} widths={['10rem', '5rem', '8rem', '7rem']} />
        ) : (
          shown.map((container) => (
            <tr key={container.id}>
              <td>
                <span className={classes.name}>
                  <StateMark look={containerLook(container)} label={containerLook(container).word} />
                  <Link to="/containers/$id/logs" params={{ id: container.name }}>
                    {container.name}
                  </Link>
                </span>
              </td>
              <td>
                {container.stack === undefined ? (
                  <span className={classes.quiet}>–</span>
                ) : (
                  <Link to="/stacks/$name" params={{ name: container.stack }}>
                    {container.stack}
                  </Link>
                )}
              </td>
              <td className={classes.mono}>{container.image}</td>
              <td>{container.status}</td>
            </tr>
          ))
        )}
      </Table>
    </Page>
  );
}

function aboutWords(containers: readonly ContainerView[]): string {
  const running = containers.filter(({ state }) => state === 'running').length;
  return `${countWords(containers.length, 'container')}, ${running} running`;
}
