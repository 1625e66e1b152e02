import type { SystemView } from '@drover/contract';
import { ChangeFeed } from '../change-feed.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { ClusterSettingsStore } from '../cluster/cluster-settings.ts';
import type { Registries } from '../credential/registries.ts';
import type { SwarmMembers } from '../orchestrator/swarm/members.ts';
import { SwarmImages } from '../orchestrator/swarm/swarm-images.ts';
import { SwarmOrchestrator } from '../orchestrator/swarm/swarm-orchestrator.ts';
import { PinnedKeeper } from '../stack/pinned-keeper.ts';
import { assembleEnvironment, type EnvironmentBase } from './assemble-environment.ts';
import type { RunningEnvironment } from './environment-domain.ts';
import type { EnvironmentHosts } from './environment-hosts.ts';
import { WatchedHosts } from './watched-hosts.ts';

export interface SwarmEnvironmentOptions extends EnvironmentBase {
  readonly hosts: EnvironmentHosts;
  readonly settings: ClusterSettingsStore;
  readonly registries: Registries;
  /** Milliseconds for which a host must be away before its pinned containers are made elsewhere. */
  readonly lostMs?: number | undefined;
}

/** The environment of a Swarm, which Drover makes of the hosts that join. Nothing happens until `start`. */
export function createSwarmEnvironment(options: SwarmEnvironmentOptions): RunningEnvironment {
  const { hosts, settings, registries, folder, blobs, log } = options;
  const lost = options.lostMs === undefined ? {} : { lostMs: options.lostMs };
  const feed = new ChangeFeed();
  const watched = new WatchedHosts({ hosts, feed, log });
  const cluster = new Cluster({ hosts, settings, log, onChange: () => feed.publish({ type: 'swarm' }) });
  const members: SwarmMembers = {
    hosts: () => watched.hosts(),
    manager: cluster.manager,
    placements: cluster.placements,
    membershipOf: (host) => {
      const id = watched.idOf(host);
      return id === undefined ? undefined : cluster.membershipOf(id);
    },
    hasIpvs: (host) => {
      const id = watched.idOf(host);
      return id === undefined ? undefined : hosts.get(id)?.ipvs;
    },
  };
  const images = new SwarmImages({ members, registries, blobs, workFolder: folder.work });
  return assembleEnvironment(options, {
    kind: 'swarm',
    cluster,
    orchestrator: new SwarmOrchestrator({ members, images, registries }),
    group: members,
    feed,
    keeperOf: (parts, deployments) =>
      new PinnedKeeper({ parts, deployments, hosts, group: members, placements: cluster.placements, log, ...lost }),
    engine: () => swarmView(members, cluster),
    async start() {
      await cluster.start();
      await watched.start();
    },
    async stop() {
      await cluster.stop();
      await watched.stop();
    },
  });
}

/** The hosts together, as one engine would show itself. */
function swarmView(members: SwarmMembers, cluster: Cluster): SystemView['engine'] {
  const hosts = members.hosts();
  const endpoint = `a Swarm of ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`;
  const base = { endpoint, sharesFiles: false };
  const known = hosts.flatMap(({ state }) => (state.state === 'connected' ? [state] : []));
  const manager = hosts.find((host) => members.membershipOf(host)?.isManager === true)?.state;
  const managing = manager?.state === 'connected' ? manager : undefined;
  if (managing === undefined) {
    const [warning] = cluster.view().warnings;
    return { ...base, state: 'unreachable', reason: warning ?? reasonOf(hosts.length) };
  }
  return {
    ...base,
    state: 'connected',
    version: managing.info.ServerVersion,
    apiVersion: managing.apiVersion,
    cpus: known.reduce((sum, { info }) => sum + info.NCPU, 0),
    memoryBytes: known.reduce((sum, { info }) => sum + info.MemTotal, 0),
    operatingSystem: managing.info.OperatingSystem,
  };
}

function reasonOf(hosts: number): string {
  return hosts === 0
    ? 'no host has joined it yet; drover host add gives the line to run on one'
    : 'no manager of the Swarm can be reached';
}
