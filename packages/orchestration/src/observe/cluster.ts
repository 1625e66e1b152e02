import { mapBounded } from '@drover/base';
import { EngineError, type EngineInfo, type EnginePing, type NodeInspect, type SwarmSpec } from '@drover/engine';
import type {
  ClusterHostFacts,
  ClusterNode,
  ClusterSpec,
  HostSwarm,
  ObservedCluster,
  ObservedSwarm,
} from '../model/cluster/observed.ts';
import type { ClusterHost } from './cluster-host.ts';

/** What an observation remembers for the next one. */
export interface ClusterMemory {
  /** What each host last said, by its id. */
  readonly swarms: ReadonlyMap<string, HostSwarm>;
  /** When each node that is down was first seen so, in milliseconds of the caller's clock. */
  readonly downSince: ReadonlyMap<string, number>;
  /** The node that led when that could last be told. */
  readonly lastLeader?: string;
}

export interface CollectClusterRequest {
  readonly hosts: readonly ClusterHost[];
  /** Milliseconds of any clock that only grows; the same for every call. */
  readonly now: number;
  readonly memory?: ClusterMemory;
  /** The host whose view counts where managers disagree: the one that a recovery began on. */
  readonly preferredHost?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds within which an engine gives a sign of life; default 3 000. */
  readonly signOfLifeMs?: number;
  /** Milliseconds within which a manager tells of the Swarm; default 8 000. */
  readonly answerMs?: number;
}

export interface CollectedCluster {
  readonly observed: ObservedCluster;
  readonly memory: ClusterMemory;
}

const emptyMemory: ClusterMemory = { swarms: new Map(), downSince: new Map() };
const defaultSignOfLifeMs = 3_000;

/** How many hosts are asked at once: enough that some which do not answer hold nobody up for long, and few enough to leave room. */
const atOnce = 64;

/**
 * An engine whose managers have no leader takes 20 s to say so, in `info` and in every question to a manager. One that gives a sign of
 * life at once and does not answer in this time is taken for such a one.
 */
const defaultAnswerMs = 8_000;

/** Asks every host what it is in the Swarm, and one manager for the whole. Fails only when the signal fires. */
export async function collectCluster(request: CollectClusterRequest): Promise<CollectedCluster> {
  const { hosts, memory = emptyMemory, signal } = request;
  const answers = await mapBounded(hosts, atOnce, (host) => ask(host, request));
  signal?.throwIfAborted();
  const facts = hosts.map((host, index) => factsOf(host, answers[index] ?? {}, memory.swarms.get(host.id)));
  const told = await askManagers(facts, request);
  const swarm = told.swarm === undefined ? undefined : withDownTimes(told.swarm, request.now, memory);
  const lastLeader = swarm?.nodes.find(({ manager }) => manager?.leader === true)?.id ?? memory.lastLeader;
  const leader = lastLeader === undefined ? {} : { lastLeader };
  return {
    observed: { hosts: facts, leaderless: told.leaderless, ...(swarm === undefined ? {} : { swarm }), ...leader },
    memory: {
      ...leader,
      swarms: new Map(
        facts.flatMap(({ id, swarm: said, lastNodeId = '' }) => {
          const known = said ?? memory.swarms.get(id);
          return known === undefined ? [] : [[id, { ...known, nodeId: known.nodeId || lastNodeId }]];
        }),
      ),
      downSince:
        swarm === undefined
          ? memory.downSince
          : new Map(
              swarm.nodes.flatMap(({ id, downForMs }) =>
                downForMs === undefined ? [] : [[id, request.now - downForMs] as const],
              ),
            ),
    },
  };
}

interface Answers {
  readonly ping?: EnginePing;
  readonly info?: EngineInfo;
}

async function ask({ engine, reachable }: ClusterHost, request: CollectClusterRequest): Promise<Answers> {
  if (!reachable) return {};
  const ping = await engine.system
    .ping({ signal: within(request, request.signOfLifeMs ?? defaultSignOfLifeMs) })
    .catch(() => undefined);
  if (ping === undefined) return {};
  const info = await engine.system
    .info({ signal: within(request, request.answerMs ?? defaultAnswerMs) })
    .catch(() => undefined);
  return info === undefined ? { ping } : { ping, info };
}

function within({ signal }: { readonly signal?: AbortSignal }, ms: number): AbortSignal {
  const timeout = AbortSignal.timeout(ms);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

function factsOf(host: ClusterHost, { ping, info }: Answers, last: HostSwarm | undefined): ClusterHostFacts {
  const { id, name, address, labels, availability } = host;
  const swarm = info === undefined ? (ping === undefined ? undefined : speechless(ping, last)) : swarmOf(info);
  // An engine that failed to take part does not say any more which node it was.
  const lastNodeId = swarm?.nodeId || (swarm?.state === 'inactive' ? '' : last?.nodeId);
  return {
    id,
    name,
    reachable: swarm !== undefined,
    ...(address === undefined ? {} : { address }),
    labels,
    availability,
    ...(info === undefined ? {} : { engineVersion: info.ServerVersion }),
    ...(lastNodeId === undefined || lastNodeId === '' ? {} : { lastNodeId }),
    ...(swarm === undefined ? {} : { swarm }),
  };
}

/** A manager that lives and does not tell of the Swarm. Engines before API 1.42 do not say with the sign of life what they are. */
function speechless(ping: EnginePing, last: HostSwarm | undefined): HostSwarm | undefined {
  const isManager = ping.swarm === null ? last?.controlAvailable === true : ping.swarm === 'active/manager';
  if (!isManager) return undefined;
  const { clusterId: _, ...known } = last ?? { nodeId: '', remoteManagers: [] };
  return { ...known, state: 'active', controlAvailable: true };
}

function swarmOf({ Swarm }: EngineInfo): HostSwarm {
  // Empty while none leads.
  const clusterId = Swarm.Cluster?.ID;
  return {
    nodeId: Swarm.NodeID,
    state: Swarm.LocalNodeState === '' ? 'inactive' : Swarm.LocalNodeState,
    controlAvailable: Swarm.ControlAvailable,
    ...(clusterId === undefined || clusterId === '' ? {} : { clusterId }),
    ...(Swarm.Error === '' ? {} : { error: Swarm.Error }),
    remoteManagers: (Swarm.RemoteManagers ?? []).map(({ NodeID }) => NodeID),
  };
}

interface Told {
  readonly swarm?: ObservedSwarm;
  readonly leaderless: readonly string[];
}

async function askManagers(facts: readonly ClusterHostFacts[], request: CollectClusterRequest): Promise<Told> {
  const managers = facts
    .filter(({ swarm }) => swarm?.controlAvailable === true)
    .sort((a, b) => Number(b.id === request.preferredHost) - Number(a.id === request.preferredHost));
  // One that says in `info` who its cluster is has a leader; without that the rest need not be asked again.
  const led = managers.filter(({ swarm }) => swarm?.clusterId !== undefined);
  const leaderless = managers.filter((each) => !led.includes(each)).map(({ id }) => id);
  for (const { id } of led) {
    const engine = request.hosts.find((host) => host.id === id)?.engine;
    if (engine === undefined) continue;
    const signal = within(request, request.answerMs ?? defaultAnswerMs);
    try {
      const [swarm, nodes] = await Promise.all([engine.swarm.inspect({ signal }), engine.nodes.list({ signal })]);
      return { swarm: { id: swarm.ID, spec: specOf(swarm.Spec), nodes: nodes.map(nodeOf) }, leaderless: [] };
    } catch (thrown) {
      request.signal?.throwIfAborted();
      if (signal.aborted || isLeaderless(thrown)) leaderless.push(id);
    }
  }
  return { leaderless };
}

/** Whether a manager's refusal means that none of them leads: it says so, or its own time limit ran out over asking. */
export function isLeaderless(thrown: unknown): boolean {
  if (!(thrown instanceof EngineError)) return false;
  return thrown.code === 'no-leader' || ((thrown.status ?? 0) >= 500 && /deadline ?exceeded/i.test(thrown.reason));
}

function specOf(spec: SwarmSpec): ClusterSpec {
  return {
    heartbeatMs: Math.round((spec.Dispatcher?.HeartbeatPeriod ?? 5e9) / 1e6),
    taskHistory: spec.Orchestration?.TaskHistoryRetentionLimit ?? 5,
    autolock: spec.EncryptionConfig?.AutoLockManagers ?? false,
  };
}

/** A node of the list, as plans read it. */
export function nodeOf({ ID, Spec, Description, Status, ManagerStatus }: NodeInspect): ClusterNode {
  const address = addressOf(ManagerStatus?.Addr ?? '', Status.Addr ?? '');
  return {
    id: ID,
    hostname: Description.Hostname ?? ID,
    ...(address === '' ? {} : { address }),
    role: Spec.Role ?? 'worker',
    availability: Spec.Availability ?? 'active',
    labels: Spec.Labels ?? {},
    state: Status.State,
    ...(Description.Engine?.EngineVersion === undefined ? {} : { engineVersion: Description.Engine.EngineVersion }),
    ...(ManagerStatus == null
      ? {}
      : { manager: { leader: ManagerStatus.Leader ?? false, reachable: ManagerStatus.Reachability === 'reachable' } }),
  };
}

/** A manager is seen by itself as `127.0.0.1` or `0.0.0.0` on some engines; where it takes others in is its address. */
function addressOf(managerAddress: string, address: string): string {
  return managerAddress === '' ? address : managerAddress.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

function withDownTimes(swarm: ObservedSwarm, now: number, { downSince }: ClusterMemory): ObservedSwarm {
  const nodes = swarm.nodes.map((node) => {
    const isDown = node.state === 'down' || node.manager?.reachable === false;
    return isDown ? { ...node, downForMs: now - (downSince.get(node.id) ?? now) } : node;
  });
  return { ...swarm, nodes };
}
