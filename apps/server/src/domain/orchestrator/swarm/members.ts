import type { HostFacts } from '@drover/compose';
import type { Engine } from '@drover/engine';
import { engineFacts, type SwarmFacts } from '@drover/orchestration';
import type { SwarmHost } from '@drover/orchestration/observe/swarm/collect';
import type { Host } from '../../host/host.ts';
import type { HostGroup } from '../../host/host-group.ts';
import { Refusal } from '../../refusal.ts';

/** The hosts of a Swarm, and its managers as one engine. */
export interface SwarmMembers extends HostGroup {
  /** Answers as long as one manager does; which one is not the caller's concern. */
  readonly manager: Engine;
  /** Whether the kernel of a host has IPVS; undefined where nobody has looked. */
  hasIpvs(host: Host): boolean | undefined;
}

/** The hosts whose engines can be asked now, with the ids that the Swarm knows them by. */
export function reachableHosts({ hosts }: HostGroup): SwarmHost[] {
  return hosts().flatMap(({ name, engine, state }) => {
    if (name === undefined || state.state !== 'connected') return [];
    const nodeId = state.info.Swarm?.NodeID;
    return nodeId ? [{ name, nodeId, engine }] : [];
  });
}

/** A reachable manager, where images are built and pulled. */
export function managerHost({ hosts }: HostGroup): Host {
  const manager = hosts().find(
    ({ state }) => state.state === 'connected' && state.info.Swarm?.ControlAvailable === true,
  );
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
  const known = connected(members);
  const managers = known.filter(({ info }) => info.Swarm?.ControlAvailable === true);
  const managerApi = managers.map(({ apiVersion }) => apiVersion).sort(byVersion)[0];
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

function connected({ hosts }: HostGroup) {
  return hosts().flatMap(({ state }) => (state.state === 'connected' ? [state] : []));
}

function byVersion(a: string, b: string): number {
  return Number(a.split('.')[0]) - Number(b.split('.')[0]) || Number(a.split('.')[1]) - Number(b.split('.')[1]);
}
