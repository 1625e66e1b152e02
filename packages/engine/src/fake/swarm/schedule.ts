import type { FakeCluster } from './cluster.ts';
import { attributeOf, satisfies } from './constraint.ts';
import { setState } from './make-task.ts';
import { type FakeNode, type FakeTask, hasEnded, isWanted } from './objects.ts';

/** What can keep a task off a node, and how the real scheduler says it. */
interface PlacementFilter {
  check(task: FakeTask, node: FakeNode, onNode: readonly FakeTask[]): boolean;
  explain(nodes: number): string;
}

const nodesText = (count: number) => `${count} node${count === 1 ? '' : 's'}`;

/** In the order of the real pipeline (swarmkit `manager/scheduler/pipeline.go`); the first that refuses a node is counted. */
const filters: readonly PlacementFilter[] = [
  {
    check: (_, node) => node.state === 'ready' && node.spec.Availability === 'active',
    explain: (count) => `${nodesText(count)} not available for new tasks`,
  },
  {
    check: (task, node, onNode) =>
      (['NanoCPUs', 'MemoryBytes'] as const).every((name) => {
        const reserved = (one: FakeTask) => one.spec.Resources?.Reservations?.[name] ?? 0;
        const used = onNode.reduce((sum, other) => sum + reserved(other), 0);
        return reserved(task) === 0 || used + reserved(task) <= (node.member.resources[name] ?? 0);
      }),
    explain: (count) => `insufficient resources on ${nodesText(count)}`,
  },
  {
    check: (task, node) => (task.spec.Placement?.Constraints ?? []).every((text) => satisfies(node, text)),
    explain: (count) => `scheduling constraints not satisfied on ${nodesText(count)}`,
  },
  {
    check: (task) => {
      const platforms = task.spec.Placement?.Platforms ?? [];
      return (
        platforms.length === 0 ||
        platforms.some(
          ({ Architecture, OS }) =>
            (!OS || OS === 'linux') && (!Architecture || Architecture === 'amd64' || Architecture === 'x86_64'),
        )
      );
    },
    explain: (count) => `unsupported platform on ${nodesText(count)}`,
  },
  {
    check: (task, _, onNode) => {
      const taken = new Set(onNode.flatMap(hostPortsOf));
      return hostPortsOf(task).every((port) => !taken.has(port));
    },
    explain: (count) => `host-mode port already in use on ${nodesText(count)}`,
  },
  {
    check: (task, _, onNode) => {
      const most = task.spec.Placement?.MaxReplicas ?? 0;
      return most === 0 || onNode.filter((other) => other.serviceId === task.serviceId).length < most;
    },
    explain: () => 'max replicas per node limit exceed',
  },
];

function hostPortsOf(task: FakeTask): readonly string[] {
  const ports: readonly { Protocol?: string; PublishedPort?: number }[] = JSON.parse(task.endpoint);
  return ports.filter((port) => port.PublishedPort).map((port) => `${port.PublishedPort}/${port.Protocol ?? 'tcp'}`);
}

/** Gives every pending task the best node that takes it, or says why none does. */
export function schedule(cluster: FakeCluster): void {
  for (const task of cluster.tasks.values()) {
    if (!isWanted(task)) continue;
    if (task.status.State === 'new') setState(cluster, task, 'pending', 'pending task scheduling');
    else if (task.status.State === 'pending') place(cluster, task);
  }
}

function place(cluster: FakeCluster, task: FakeTask): void {
  const refused = new Map<PlacementFilter, number>();
  const candidates: { readonly node: FakeNode; readonly onNode: readonly FakeTask[] }[] = [];
  for (const node of cluster.nodes.values()) {
    if (task.nodeId !== null && task.nodeId !== node.id) continue;
    const onNode = [...cluster.tasks.values()].filter(
      (other) => other !== task && other.nodeId === node.id && !hasEnded(other) && other.status.State !== 'pending',
    );
    const refusing = filters.find((filter) => !filter.check(task, node, onNode));
    if (refusing === undefined) candidates.push({ node, onNode });
    else refused.set(refusing, (refused.get(refusing) ?? 0) + 1);
  }
  const best = candidates.sort((a, b) => compare(cluster, task, a, b))[0];
  if (best !== undefined) {
    task.nodeId = best.node.id;
    setState(cluster, task, 'assigned', 'scheduler assigned task to node');
    return;
  }
  const reasons = [...refused].sort((a, b) => b[1] - a[1]).map(([filter, count]) => filter.explain(count));
  const error = reasons.length === 0 ? 'no suitable node' : `no suitable node (${reasons.join('; ')})`;
  if (task.status.Err !== error) setState(cluster, task, 'pending', 'pending task scheduling', { error });
}

type Candidate = { readonly node: FakeNode; readonly onNode: readonly FakeTask[] };

/** By preferences first, then fewest tasks of the service, then fewest tasks. */
function compare(cluster: FakeCluster, task: FakeTask, a: Candidate, b: Candidate): number {
  const sameService = (candidate: Candidate) =>
    candidate.onNode.filter((other) => other.serviceId === task.serviceId && isWanted(other)).length;
  for (const { Spread } of task.spec.Placement?.Preferences ?? []) {
    const key = Spread?.SpreadDescriptor ?? '';
    const inGroup = (candidate: Candidate) => {
      const group = attributeOf(candidate.node, key);
      return [...cluster.tasks.values()].filter((other) => {
        const node = other.nodeId === null ? undefined : cluster.nodes.get(other.nodeId);
        return other.serviceId === task.serviceId && isWanted(other) && node && attributeOf(node, key) === group;
      }).length;
    };
    const difference = inGroup(a) - inGroup(b);
    if (difference !== 0) return difference;
  }
  return sameService(a) - sameService(b) || a.onNode.length - b.onNode.length;
}
