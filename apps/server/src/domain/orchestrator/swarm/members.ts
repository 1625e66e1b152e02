import type { HostFacts } from '@drover/compose';
import type { Engine } from '@drover/engine';
import { composeLabel, concernsHosts, engineFacts, type SwarmDesired, type SwarmFacts } from '@drover/orchestration';
import type { SwarmHost } from '@drover/orchestration/observe/swarm/collect';
import type { Membership } from '../../cluster/cluster-keeper.ts';
import type { Host } from '../../host/host.ts';
import type { HostGroup } from '../../host/host-group.ts';
import { Refusal } from '../../refusal.ts';
import type { Placements } from './placements.ts';

/** The hosts of a Swarm, and its managers as one engine. */
export interface SwarmMembers extends HostGroup {
  /** Answers as long as one manager does; which one is not the caller's concern. */
  readonly manager: Engine;
  /** The part of a host in the Swarm; undefined where it has none, or nobody has looked yet. */
  membershipOf(host: Host): Membership | undefined;
  /** Where pinned containers were put. */
  readonly placements: Placements;
  /** Whether the kernel of a host has IPVS; undefined where nobody has looked. */
  hasIpvs(host: Host): boolean | undefined;
}

/** The hosts whose engines can be asked now, with the ids that the Swarm knows them by. */
export function reachableHosts(members: SwarmMembers): SwarmHost[] {
  return members.hosts().flatMap((host) => {
    const { name, engine, state } = host;
    if (name === undefined || state.state !== 'connected') return [];
    const nodeId = members.membershipOf(host)?.nodeId;
    if (nodeId === undefined) return [];
    // What the engine said of itself may be older than its part in the Swarm.
    const facts = { ...engineFacts(state.apiVersion, state.info), swarm: true };
    return [{ name, nodeId, engine, facts }];
  });
}

/**
 * The hosts whose engines have to be asked before any of these revisions of one stack is planned; undefined where none has to, so that a
 * host that is slow to answer holds up no deploy that has nothing to do with it.
 */
export function concernedHosts(members: SwarmMembers, revisions: readonly SwarmDesired[]): SwarmHost[] | undefined {
  const isConcerned = revisions.some(
    (desired) => concernsHosts(desired) || hasOwnContainers(members, desired.identity.name),
  );
  return isConcerned ? reachableHosts(members) : undefined;
}

/** Whether a host is known to have a container of the stack that is no task of the Swarm. */
function hasOwnContainers(members: SwarmMembers, stack: string): boolean {
  return members
    .hosts()
    .some((host) => [...host.knownContainers()].some(({ Labels }) => Labels[composeLabel.project] === stack));
}

/** Whether a manager can be asked, as far as is known. */
export function hasManager(members: SwarmMembers): boolean {
  return members.hosts().some((host) => isManager(members, host));
}

/** A reachable manager, where images are built and pulled. */
export function managerHost(members: SwarmMembers): Host {
  const manager = members.hosts().find((host) => isManager(members, host));
  if (manager === undefined)
    throw new Refusal('not-now', 'asking the Swarm: none of its managers can be reached; drover host ls shows why');
  return manager;
}

/** What the hosts can do, as far as verdicts depend on it; undefined while none can be reached. */
export function hostFactsOf(members: SwarmMembers): HostFacts | undefined {
  const known = connected(members);
  const versions = known.map(({ apiVersion }) => apiVersion).sort(byVersion);
  const [lowest] = versions;
  const first = known[0];
  if (lowest === undefined || first === undefined) return undefined;
  const { os, cgroupVersion } = engineFacts(lowest, first.info);
  const ipvs = ipvsOf(members);
  return {
    apiVersion: lowest,
    os,
    swarm: true,
    hosts: members.hosts().length,
    ...(cgroupVersion === undefined ? {} : { cgroupVersion }),
    ...(ipvs === undefined ? {} : { ipvs }),
  };
}

/** The same, as far as plans for a Swarm depend on it. */
export function swarmFactsOf(members: SwarmMembers): SwarmFacts {
  const managers = members.hosts().filter((host) => isManager(members, host));
  const managerApi = connected({ hosts: () => managers })
    .map(({ apiVersion }) => apiVersion)
    .sort(byVersion)[0];
  if (managerApi === undefined)
    throw new Refusal('not-now', 'asking the Swarm: none of its managers can be reached; drover host ls shows why');
  const facts = hostFactsOf(members);
  return {
    managerApi,
    ...(facts?.apiVersion === undefined ? {} : { nodeApi: facts.apiVersion }),
    ...(facts?.ipvs === undefined ? {} : { ipvs: facts.ipvs }),
    ...(facts?.cgroupVersion === undefined ? {} : { cgroupVersion: facts.cgroupVersion }),
    ...(facts?.os === undefined ? {} : { os: facts.os }),
  };
}

/** A host without it is enough to make the routing mesh unsure; where nobody knows, it is taken for there. */
function ipvsOf(members: SwarmMembers): boolean | undefined {
  const answers = members.hosts().map((host) => members.hasIpvs(host));
  if (answers.includes(false)) return false;
  return answers.includes(true) ? true : undefined;
}

function isManager(members: SwarmMembers, host: Host): boolean {
  return host.state.state === 'connected' && members.membershipOf(host)?.isManager === true;
}

function connected({ hosts }: HostGroup) {
  return hosts().flatMap(({ state }) => (state.state === 'connected' ? [state] : []));
}

function byVersion(a: string, b: string): number {
  return Number(a.split('.')[0]) - Number(b.split('.')[0]) || Number(a.split('.')[1]) - Number(b.split('.')[1]);
}
