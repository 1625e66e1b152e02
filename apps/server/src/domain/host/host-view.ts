import type { HostFactsView, HostState, HostView } from '@drover/contract';
import type { HostFacts } from '@drover/tunnel';
import type { JoinedHost } from '../environment/environment-hosts.ts';
import type { HostPhase, HostRecord } from './host-store.ts';

/** What is known of a host's connection now. */
export interface Liveness {
  readonly connected: boolean;
  /** Whether it is too early to call it lost: it just joined, or the server just started. */
  readonly awaited: boolean;
  readonly address: string | undefined;
  /** Why it is not connected, or what is wrong though it is. */
  readonly problem: string | undefined;
}

export function hostState(host: HostRecord, { connected, awaited }: Liveness): HostState {
  if (host.phase === 'removed') return 'removed';
  if (!connected) return awaited ? 'connecting' : 'unreachable';
  return host.phase === 'kept' ? 'ready' : host.phase;
}

/** While it drains, what runs there is replaced before it stops, and Swarm is told at the end. */
export const availabilityOf: Readonly<Record<HostPhase, JoinedHost['availability']>> = {
  kept: 'active',
  cordoned: 'pause',
  draining: 'active',
  drained: 'drain',
  removed: 'drain',
};

/** A host as its environment sees it. */
export function joinedHost(host: HostRecord, { connected, address }: Liveness): JoinedHost {
  const { id, name, labels, phase, facts } = host;
  return {
    id,
    name,
    labels,
    availability: availabilityOf[phase],
    reachable: connected,
    ...(address === undefined ? {} : { address }),
    ...(facts === undefined ? {} : { ipvs: facts.abilities.ipvs }),
  };
}

/** A host as the API shows it. */
export function hostView(host: HostRecord, liveness: Liveness, newestSoftware: string): HostView {
  const problem = liveness.problem ?? engineProblem(host, liveness);
  return {
    id: host.id,
    name: host.name,
    environment: host.environment,
    state: hostState(host, liveness),
    ...(problem === undefined ? {} : { problem }),
    labels: { ...host.labels },
    ...(host.software === undefined ? {} : { agentVersion: host.software }),
    upgradable: host.software !== undefined && host.software !== newestSoftware,
    ...(host.facts === undefined ? {} : { facts: factsView(host.facts) }),
    ...(liveness.address === undefined ? {} : { address: liveness.address }),
    joinedAt: host.joinedAt,
    ...(host.connectedAt === undefined ? {} : { connectedAt: host.connectedAt }),
    ...(host.lostAt === undefined || liveness.connected ? {} : { lostAt: host.lostAt }),
    certificateExpiresAt: host.certificateExpiresAt,
  };
}

function engineProblem({ facts }: HostRecord, { connected }: Liveness): string | undefined {
  if (!connected || facts === undefined || facts.engine !== null) return undefined;
  return `its engine does not answer: ${facts.engineProblem ?? 'the agent gives no reason'}`;
}

function factsView({ engine, disks, abilities, ...rest }: HostFacts): HostFactsView {
  return {
    ...rest,
    disks: disks.map((disk) => ({ ...disk })),
    abilities: { ...abilities },
    ...(engine === null ? {} : { engine: { ...engine } }),
  };
}
