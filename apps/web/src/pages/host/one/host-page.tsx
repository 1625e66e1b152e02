import type { HostView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { environment } from '../../../api/environment.ts';
import { basePathOf } from '../../../api/environment-address.ts';
import { isNotFound } from '../../../api/refusal.ts';
import { Ago } from '../../../ui/ago.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { useEnvironmentKind } from '../../environment/use-environment-kind.ts';
import classes from '../host.module.css';
import { hostLook } from '../host-look.ts';
import { Unknown } from '../unknown.tsx';
import { AbilityTable } from './ability-table.tsx';
import { HostActions } from './host-actions.tsx';
import { HostContainers } from './host-containers.tsx';
import { HostFacts } from './host-facts.tsx';
import { HostLoad } from './host-load.tsx';
import { LabelEditor } from './label-editor.tsx';

/** One host: what it is, how busy it is, what it runs, and what can be done to it. */
export function HostPage(): ReactNode {
  const { host: name } = useParams({ from: '/hosts/$host' });
  const { data, error, refetch } = useQuery(queries.hosts.get.queryOptions({ input: { host: name } }));
  const kind = useEnvironmentKind();
  const host = data as HostView | undefined;
  const gone = isNotFound(error) || host?.state === 'removed';
  const trail = [
    <Link key="hosts" to="/hosts">
      Hosts
    </Link>,
  ];
  if (gone || (host !== undefined && host.environment !== environment))
    return (
      <Page name={name} trail={trail} title={name}>
        <Elsewhere host={gone ? undefined : host} />
      </Page>
    );
  const look = host && hostLook(host);
  return (
    <Page
      name={name}
      trail={trail}
      title={
        <>
          {look === undefined ? <Skeleton width="0.75rem" /> : <StateMark look={look} />}
          {name}
        </>
      }
      about={host === undefined ? <Skeleton width="16rem" /> : <About host={host} />}
      actions={
        host === undefined || kind === undefined ? (
          <Skeleton width="12rem" height="1.875rem" />
        ) : (
          <HostActions host={host} kind={kind} />
        )
      }
    >
      {error !== null && <Failure of={`the host ${name}`} error={error} retry={() => void refetch()} />}
      {host?.problem !== undefined && (
        <Notice tone={host.state === 'unreachable' ? 'bad' : 'warn'}>
          <strong>{look?.word}:</strong> {host.problem}
        </Notice>
      )}
      <HostLoad id={name} state={host?.state} />
      {host !== undefined && (
        <div className={classes.halves}>
          <section>
            <h2>Facts</h2>
            <HostFacts host={host} />
          </section>
          <section>
            <h2>What its kernel can do</h2>
            <AbilityTable abilities={host.facts?.abilities} />
            <LabelEditor host={host} />
          </section>
        </div>
      )}
      {host !== undefined && kind !== undefined && <HostContainers host={kind === 'swarm' ? name : undefined} />}
    </Page>
  );
}

function About({ host }: { readonly host: HostView }): ReactNode {
  const { state, lostAt, connectedAt, facts } = host;
  return (
    <>
      <span>{hostLook(host).word}</span>
      {facts?.engine !== undefined && <span>Docker {facts.engine.version}</span>}
      {state === 'unreachable' ? (
        <span>lost {lostAt === undefined ? <Unknown /> : <Ago at={lostAt} />}</span>
      ) : (
        <span>
          {connectedAt === undefined ? (
            'never connected yet'
          ) : (
            <>
              connected <Ago at={connectedAt} />
            </>
          )}
        </span>
      )}
    </>
  );
}

function Elsewhere({ host }: { readonly host: HostView | undefined }): ReactNode {
  if (host === undefined)
    return (
      <Notice tone="idle">
        <strong>There is no host of this name.</strong> It may have been removed or renamed.{' '}
        <Link to="/hosts">All hosts of {environment}</Link>
      </Notice>
    );
  return (
    <Notice tone="idle">
      <strong>It is a host of another environment.</strong>{' '}
      <a href={`${basePathOf(host.environment)}/hosts/${host.name}`}>
        {host.name} in {host.environment}
      </a>
    </Notice>
  );
}
