import type { DeploymentView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { Ago } from '../../../ui/ago.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { durationWords } from '../../../words/duration.ts';
import { deploymentLook, deploymentTitle } from '../../deployment/deployment-look.ts';
import classes from './history-page.module.css';

const columns: readonly Column[] = [
  { name: 'Deployment' },
  { name: 'Took', align: 'right', fit: true },
  { name: 'Began', fit: true },
];

/** What was done to a stack, newest first. */
export function Deployments({ name, limit }: { readonly name: string; readonly limit: number }): ReactNode {
  const { data, error, refetch } = useQuery(queries.deployments.list.queryOptions({ input: { name, limit } }));
  return (
    <section aria-label="Deployments">
      <h2>Deployments</h2>
      {error !== null && <Failure of="the deployments" error={error} retry={() => void refetch()} />}
      {data?.length === 0 ? (
        <Notice tone="idle">Nothing was deployed yet.</Notice>
      ) : (
        <Table label={`Deployments of ${name}`} columns={columns}>
          {data === undefined ? (
            <SkeletonRows rows={4} widths={['11rem', '3rem', '3rem']} />
          ) : (
            data.map((deployment) => <DeploymentRow key={deployment.id} deployment={deployment} />)
          )}
        </Table>
      )}
    </section>
  );
}

function DeploymentRow({ deployment }: { readonly deployment: DeploymentView }): ReactNode {
  const { id, action, revision, state, createdAt, startedAt, endedAt, failure } = deployment;
  const look = deploymentLook(state);
  const took =
    startedAt === undefined || endedAt === undefined ? '–' : durationWords(Date.parse(endedAt) - Date.parse(startedAt));
  return (
    <tr>
      <td>
        <span className={classes.state}>
          <StateMark look={look} label={look.word} />
          <Link to="/deployments/$id" params={{ id }}>
            {deploymentTitle(action, revision)}
          </Link>
        </span>
        {failure !== undefined && <div className={classes.reason}>{failure.message}</div>}
      </td>
      <td data-align="right" data-fit>
        {took}
      </td>
      <td data-fit className={classes.quiet}>
        <Ago at={startedAt ?? createdAt} />
      </td>
    </tr>
  );
}
