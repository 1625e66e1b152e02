import type { ClusterNode, ObservedSwarm } from '../../model/cluster/observed.ts';
import type { ClusterStep } from '../../model/cluster/step.ts';
import type { WantedCluster } from '../../model/cluster/wanted.ts';
import { compareVersions, waysIn } from './engine-versions.ts';
import { managerCount } from './manager-count.ts';
import type { Member, Members } from './membership.ts';
import { bearsLossOf, describeQuorum } from './quorum.ts';

/** A host or node that manages, or could. */
interface Candidate {
  readonly name: string;
  readonly zone: string;
  readonly node?: ClusterNode;
  readonly member?: Member;
  /** It answers, and may go on or begin to manage. */
  readonly isReady: boolean;
  /** It has to stop managing, in words. */
  readonly mustGo?: string;
}

export interface ManagerChange {
  /** At most one; a join is that of a host outside the Swarm. */
  readonly step?: ClusterStep;
  readonly notices: readonly string[];
}

/** Label by which managers are spread. */
export const zoneLabel = 'zone';

const defaultReplaceAfterMs = 60_000;

/**
 * The next change of who manages: others are added before any goes, one at a time, and none goes that the quorum needs.
 * A manager that is away is replaced first, and then demoted at once: as a member that does not answer it would only make the
 * quorum larger. When it comes back it is a worker.
 */
export function planManagers(members: Members, wanted: WantedCluster, swarm: ObservedSwarm): ManagerChange {
  const candidates = candidatesOf(members, wanted);
  const current = candidates.filter(({ node }) => node?.manager !== undefined || isChanging(node));
  const unsettled = current.find(({ node }) => isChanging(node));
  if (unsettled !== undefined) return { notices: [`${unsettled.name} is changing its role; others wait for it`] };
  const nodes = current.flatMap(({ node }) => (node === undefined ? [] : [node]));
  // A leader that has lost the others goes on answering for a while; changes would only hang.
  if (describeQuorum(nodes).spare < 0) return { notices: ['too few managers can be reached to change who manages'] };
  const mustGo = current.filter((each) => each.mustGo !== undefined);
  if (wanted.managers.mode === 'adopted') return demotion(mustGo, nodes, 0);

  const staying = current.filter((each) => each.mustGo === undefined);
  const hosts = members.hosts.filter(countsAsHost).length + staying.filter(({ member }) => member === undefined).length;
  const count = managerCount(wanted.managers, hosts);
  const ready = staying.filter(({ isReady }) => isReady);
  const longAway = staying.filter((each) => isLongAway(each, wanted));
  const eligible = candidates.filter((each) => !current.includes(each) && isEligible(each));
  const have = staying.length - longAway.length;
  const next = spread(eligible, ready)[0];
  if (next !== undefined && have < Math.min(count, managerCount(wanted.managers, have + eligible.length))) {
    return { step: addition(next, swarm, count, ready.length, [...longAway, ...mustGo]), notices: [] };
  }
  const replaced = ready.length >= count ? longAway : [];
  const surplus = staying.length > count && replaced.length === 0 ? removable(staying, ready) : [];
  const change = demotion([...mustGo, ...replaced, ...surplus], nodes, count);
  return { ...change, notices: [...shortage(wanted, count, hosts, staying.length), ...change.notices] };
}

/** Whether the number of managers is reckoned with this host, also while it is away. */
function countsAsHost({ isLeaving, membership, node }: Member): boolean {
  return !isLeaving && (membership === 'outside' || node !== undefined);
}

function candidatesOf({ hosts, others }: Members, wanted: WantedCluster): readonly Candidate[] {
  const removed = new Set(wanted.removedNodes);
  return [
    ...hosts.map((member): Candidate => {
      const { host, node, membership, isLeaving } = member;
      const isSound = node === undefined ? membership === 'outside' : isSoundNode(node) && membership === 'member';
      return {
        name: host.name,
        zone: host.labels[zoneLabel] ?? '',
        member,
        ...(node === undefined ? {} : { node }),
        isReady: isSound || (node?.manager?.reachable === true && membership === 'away'),
        ...(isLeaving ? { mustGo: 'it leaves the Swarm' } : {}),
      };
    }),
    ...others.map(
      (node): Candidate => ({
        name: node.hostname,
        zone: node.labels[zoneLabel] ?? '',
        node,
        isReady: isSoundNode(node),
        ...(removed.has(node.id) || isSuperseded(node, hosts)
          ? { mustGo: removed.has(node.id) ? 'its host was removed' : 'its host is another node now' }
          : {}),
      }),
    ),
  ];
}

function isSoundNode(node: ClusterNode): boolean {
  return node.state === 'ready' && (node.manager === undefined || node.manager.reachable);
}

/** A node that is down while its host, known by its address, is in the Swarm as another node, or in none. */
export function isSuperseded(node: ClusterNode, hosts: readonly Member[]): boolean {
  return (
    node.state === 'down' &&
    node.address !== undefined &&
    hosts.some(({ host, membership, node: own }) => {
      const hasMoved = membership === 'outside' || (own !== undefined && own.id !== node.id);
      return host.address === node.address && hasMoved;
    })
  );
}

/** A promotion or demotion that the Swarm has not finished. */
function isChanging(node: ClusterNode | undefined): boolean {
  if (node === undefined || node.state !== 'ready') return false;
  return node.role === 'manager' ? node.manager === undefined : node.manager?.reachable === true;
}

function isEligible({ member, isReady, mustGo }: Candidate): boolean {
  return isReady && mustGo === undefined && (member?.membership === 'member' || member?.membership === 'outside');
}

function isLongAway({ node, isReady }: Candidate, { replaceManagerAfterMs = defaultReplaceAfterMs }: WantedCluster) {
  return !isReady && (node?.downForMs ?? 0) >= replaceManagerAfterMs;
}

/** Best first: a zone with the fewest managers, the newest engine, one that takes tasks, by name. */
function spread(candidates: readonly Candidate[], managers: readonly Candidate[]): readonly Candidate[] {
  const inZone = ({ zone }: Candidate) => managers.filter((each) => each.zone === zone).length;
  return [...candidates].sort(
    (a, b) =>
      inZone(a) - inZone(b) ||
      compareVersions(b.member?.host.engineVersion, a.member?.host.engineVersion) ||
      Number(b.member?.host.availability === 'active') - Number(a.member?.host.availability === 'active') ||
      (a.name < b.name ? -1 : 1),
  );
}

/** Best to go first: in the zone with the most managers, not leading, the oldest engine, the last by name. */
function removable(staying: readonly Candidate[], ready: readonly Candidate[]): readonly Candidate[] {
  const own = staying.filter(({ member }) => member !== undefined);
  const inZone = ({ zone }: Candidate) => ready.filter((each) => each.zone === zone).length;
  return own.sort(
    (a, b) =>
      Number(a.isReady) - Number(b.isReady) ||
      inZone(b) - inZone(a) ||
      Number(a.node?.manager?.leader === true) - Number(b.node?.manager?.leader === true) ||
      compareVersions(a.member?.host.engineVersion, b.member?.host.engineVersion) ||
      (a.name < b.name ? 1 : -1),
  );
}

function addition(
  { member, node, name }: Candidate,
  swarm: ObservedSwarm,
  count: number,
  ready: number,
  replaced: readonly Candidate[],
): ClusterStep {
  const gone = replaced.find(({ node: other }) => other?.manager !== undefined);
  const cause =
    gone === undefined
      ? `${count} managers are wanted, ${ready === 1 ? 'there is 1' : `there are ${ready}`}`
      : `it takes the place of ${gone.name} (${gone.mustGo ?? 'it is away'})`;
  if (node !== undefined) return { kind: 'node-promote', target: name, nodeId: node.id, causes: [cause] };
  const { host } = member as Member;
  return {
    kind: 'swarm-join',
    target: name,
    hostId: host.id,
    role: 'manager',
    via: waysIn(swarm, host),
    availability: host.availability,
    ...(host.address === undefined ? {} : { address: host.address }),
    causes: [cause],
  };
}

function demotion(going: readonly Candidate[], nodes: readonly ClusterNode[], count: number): ManagerChange {
  const managers = going.filter(({ node }) => node?.role === 'manager');
  const next = managers.find(({ node }) => node !== undefined && bearsLossOf(node, nodes));
  if (next?.node !== undefined) {
    const enough = count === 1 ? '1 manager is enough' : `${count} managers are enough`;
    const why = next.mustGo ?? (next.isReady ? enough : `it is away, and ${enough} without it`);
    return { step: { kind: 'node-demote', target: next.name, nodeId: next.node.id, causes: [why] }, notices: [] };
  }
  const kept = managers[0];
  if (kept === undefined) return { notices: [] };
  const { reachable } = describeQuorum(nodes);
  const why =
    nodes.length === 1
      ? 'it is the only one, and no other host can take its place'
      : `${reachable} of ${nodes.length} managers can be reached, and without it the quorum would be lost`;
  return { notices: [`${kept.name} stays a manager: ${why}`] };
}

function shortage(wanted: WantedCluster, count: number, hosts: number, managers: number): readonly string[] {
  if (wanted.managers.mode === 'fixed' && count < wanted.managers.count)
    return [
      `${wanted.managers.count} managers are wanted; ${hosts} ${hosts === 1 ? 'host allows' : 'hosts allow'} ${count}`,
    ];
  return managers < count
    ? [`${count === 1 ? '1 manager is' : `${count} managers are`} wanted, and no other host is ready to be one`]
    : [];
}
