import type { HostView } from '@drover/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { queries } from '../../../api/client.ts';
import { environment } from '../../../api/environment.ts';
import { localEnvironment } from '../../../api/environment-address.ts';
import { useCommands } from '../../../app/command/use-commands.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { countWords } from '../../../words/count.ts';
import { useEnvironmentKind } from '../../environment/use-environment-kind.ts';
import { SwarmPanel } from '../../swarm/swarm-panel.tsx';
import classes from '../host.module.css';
import { AddHostDialog } from '../join/add-host-dialog.tsx';
import { TokenTable } from '../join/token-table.tsx';
import { UpgradeDialog } from '../one/upgrade-dialog.tsx';
import { useFilter } from '../use-filter.tsx';
import { HostTable } from './host-table.tsx';
import { LocalHost } from './local-host.tsx';

/** The hosts of the environment; of a Swarm, how it is as well. The environment of this server has none but itself. */
export function HostsPage(): ReactNode {
  return environment === localEnvironment ? <LocalHost /> : <AgentHosts />;
}

function AgentHosts(): ReactNode {
  const { data, error, refetch } = useQuery(queries.hosts.list.queryOptions({ input: { environment } }));
  const kind = useEnvironmentKind();
  const swarm = useQuery(queries.cluster.get.queryOptions({ enabled: kind === 'swarm' }));
  const { field, matches } = useFilter('Hosts');
  const [adding, setAdding] = useState(false);
  const [upgrading, setUpgrading] = useState(false);
  const hosts = data as readonly HostView[] | undefined;
  const present = kind === 'engine' ? hosts?.[0] : undefined;
  const noMore =
    kind === undefined || hosts === undefined
      ? 'what is there is being read'
      : present &&
        `the environment is one engine and has its host, ${present.name}; on its page another machine can take its place`;
  const old = hosts?.filter(({ upgradable, state }) => upgradable && state !== 'unreachable' && state !== 'connecting');
  useCommands(
    useMemo(
      () => [
        {
          id: 'host add',
          group: 'Hosts',
          words: 'Add a host',
          keys: 'a',
          disabledReason: noMore,
          run: () => setAdding(true),
        },
      ],
      [noMore],
    ),
  );
  return (
    <Page
      name="Hosts"
      title="Hosts"
      about={<span>{hosts === undefined ? '\u00a0' : aboutWords(hosts)}</span>}
      actions={
        <>
          {field}
          <ActionButton variant="filled" disabledReason={noMore} onClick={() => setAdding(true)}>
            Add a host…
          </ActionButton>
        </>
      }
    >
      {error !== null && <Failure of="the hosts" error={error} retry={() => void refetch()} />}
      {hosts?.length === 0 ? (
        <Notice tone="idle">
          <strong>No host has joined {environment} yet.</strong> Add one: it is one line to paste on a machine that has
          Docker.{kind === 'swarm' && ' With the first one Drover begins a Swarm.'}
        </Notice>
      ) : (
        <HostTable hosts={hosts?.filter(({ name, labels }) => matches(name, ...Object.entries(labels).flat()))} />
      )}
      {old !== undefined && old.length > 0 && (
        <div className={classes.after}>
          <Notice
            tone="idle"
            actions={<Button onClick={() => setUpgrading(true)}>Upgrade {countWords(old.length, 'agent')}…</Button>}
          >
            {countWords(old.length, 'host has', 'hosts have')} another build of the agent than this server carries.
          </Notice>
        </div>
      )}
      {/* What stands below comes once what is above it is whole, so that nothing on the page moves. */}
      {hosts !== undefined && hosts.length > 0 && kind === 'swarm' && <SwarmPanel />}
      {hosts !== undefined && (kind === 'engine' || (kind === 'swarm' && !swarm.isPending)) && <TokenTable />}
      <AddHostDialog opened={adding} kind={kind} onClose={() => setAdding(false)} />
      <UpgradeDialog hosts={old ?? []} opened={upgrading} onClose={() => setUpgrading(false)} />
    </Page>
  );
}

function aboutWords(hosts: readonly HostView[]): string {
  const ready = hosts.filter(({ state }) => state === 'ready').length;
  return `${countWords(hosts.length, 'host')}, ${ready} ready`;
}
