import type { ClusterView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { queries } from '../../api/client.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import host from '../host/host.module.css';
import { NodeTable } from './node-table.tsx';
import { RecoveryNotice } from './recovery-notice.tsx';
import { RotateMenu } from './rotate-menu.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { swarmFigures } from './swarm-figures.ts';
import { swarmLook } from './swarm-look.ts';
import classes from './swarm-panel.module.css';

/** The Swarm of the environment: how it is, what is being done to it, its nodes, and what can be set. Nothing until it is read. */
export function SwarmPanel(): ReactNode {
  const { data, error, refetch } = useQuery(queries.cluster.get.queryOptions());
  const [setting, setSetting] = useState(false);
  const swarm = data as ClusterView | undefined;
  if (swarm === undefined)
    return error !== null && <Failure of="the Swarm" error={error} retry={() => void refetch()} />;
  const look = swarmLook(swarm.state);
  return (
    <section className={classes.panel} aria-label="Swarm">
      <div className={classes.head}>
        <h2>Swarm</h2>
        <span className={classes.state} role="status">
          <StateMark look={look} /> {look.word}
        </span>
        <span className={classes.actions}>
          <RotateMenu
            disabledReason={swarm.state === 'none' ? 'there is no Swarm yet' : undefined}
            autolock={swarm.autolock === true}
          />
          <ActionButton onClick={() => setSetting(true)}>Settings…</ActionButton>
        </span>
      </div>
      {error !== null && <Failure of="the Swarm" error={error} retry={() => void refetch()} />}
      {swarm.warnings.map((words) => (
        <Notice key={words} tone={swarm.state === 'blocked' ? 'bad' : 'warn'}>
          {words}
        </Notice>
      ))}
      {swarm.state === 'blocked' && <RecoveryNotice />}
      {swarm.doing.length > 0 && (
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
      <NodeTable nodes={swarm.nodes} />
      <SettingsDialog swarm={swarm} opened={setting} onClose={() => setSetting(false)} />
    </section>
  );
}

function Figures({ swarm }: { readonly swarm: ClusterView }): ReactNode {
  return (
    <dl className={classes.figures}>
      {swarmFigures(swarm).map(({ name, value, about }) => (
        <div key={name} className={host.card}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {about.map((words) => (
            <small key={words}>{words}</small>
          ))}
        </div>
      ))}
    </dl>
  );
}
