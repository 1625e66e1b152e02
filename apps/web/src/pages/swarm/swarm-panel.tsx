import type { ClusterView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { queries } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import host from '../host/host.module.css';
import { NodeTable } from './node-table.tsx';
import { RecoveryNotice } from './recovery-notice.tsx';
import { RotateMenu } from './rotate-menu.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { managersWords, swarmLook } from './swarm-look.ts';
import classes from './swarm-panel.module.css';

/** The Swarm of the environment: how it is, what is being done to it, its nodes, and what can be set. */
export function SwarmPanel(): ReactNode {
  const { data, error, refetch } = useQuery(queries.cluster.get.queryOptions());
  const [setting, setSetting] = useState(false);
  const swarm = data as ClusterView | undefined;
  const look = swarm && swarmLook(swarm.state);
  const none =
    swarm === undefined ? 'the Swarm is being read' : swarm.state === 'none' ? 'there is no Swarm yet' : undefined;
  return (
    <section className={classes.panel} aria-label="Swarm">
      <div className={classes.head}>
        <h2>Swarm</h2>
        <span className={classes.state} role="status">
          {look === undefined ? (
            <Skeleton width="5rem" />
          ) : (
            <>
              <StateMark look={look} /> {look.word}
            </>
          )}
        </span>
        <span className={classes.actions}>
          <RotateMenu disabledReason={none} autolock={swarm?.autolock === true} />
          <ActionButton
            disabledReason={swarm === undefined ? 'the Swarm is being read' : undefined}
            onClick={() => setSetting(true)}
          >
            Settings…
          </ActionButton>
        </span>
      </div>
      {error !== null && <Failure of="the Swarm" error={error} retry={() => void refetch()} />}
      {swarm?.warnings.map((words) => (
        <Notice key={words} tone={swarm.state === 'blocked' ? 'bad' : 'warn'}>
          {words}
        </Notice>
      ))}
      {swarm?.state === 'blocked' && <RecoveryNotice />}
      {swarm !== undefined && swarm.doing.length > 0 && (
        <Notice tone="progress">
          <strong>Being done:</strong>
          <ul>
            {swarm.doing.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Figures swarm={swarm} />
      <NodeTable nodes={swarm?.nodes} />
      {swarm !== undefined && <SettingsDialog swarm={swarm} opened={setting} onClose={() => setSetting(false)} />}
    </section>
  );
}

function Figures({ swarm }: { readonly swarm: ClusterView | undefined }): ReactNode {
  const { quorum, leader, heartbeatMs, autolock, wantedManagers } = swarm ?? {};
  const figures = [
    {
      name: 'Managers',
      value: quorum == null ? 'none' : `${quorum.reachable} of ${quorum.managers}`,
      about: wantedManagers && managersWords(wantedManagers),
    },
    { name: 'Quorum', value: quorumValue(quorum), about: quorum == null ? 'there is none yet' : quorum.words },
    { name: 'Leader', value: leader ?? 'none', about: leader == null ? 'nobody decides now' : 'decides for all' },
    {
      name: 'Heartbeat',
      value: heartbeatMs == null ? 'unknown' : `${heartbeatMs / 1000} s`,
      about: heartbeatMs == null ? '' : 'a node is down after three that are missed',
    },
    {
      name: 'Autolock',
      value: autolock == null ? 'unknown' : autolock ? 'On' : 'Off',
      about: autolock ? 'Drover keeps the unlock key sealed' : 'managers restart without a key',
    },
  ];
  return (
    <dl className={host.usage}>
      {figures.map(({ name, value, about }) => (
        <div key={name} className={host.card}>
          <dt>{name}</dt>
          <dd>{swarm === undefined ? <Skeleton width="5rem" height="1.25rem" /> : value}</dd>
          <small>{swarm === undefined ? '' : about}</small>
        </div>
      ))}
    </dl>
  );
}

function quorumValue(quorum: ClusterView['quorum'] | undefined): string {
  if (quorum == null) return 'none';
  if (quorum.spare < 0) return 'Lost';
  return quorum.spare === 0 ? 'No loss' : quorum.spare === 1 ? '1 loss' : `${quorum.spare} losses`;
}
