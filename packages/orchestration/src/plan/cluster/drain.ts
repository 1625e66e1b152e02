import type {
  DrainMove,
  DrainNode,
  DrainObserved,
  DrainPreview,
  DrainService,
  DrainStuck,
} from '../../model/cluster/drain.ts';
import { type NodeLoad, whyNot } from './fits.ts';
import { byName } from './membership.ts';

/** What draining a node would do: which tasks move and how, which cannot, and what stays behind. Fails for no node. */
export function planDrain(nodeId: string, observed: DrainObserved): DrainPreview {
  const node = observed.nodes.find(({ id }) => id === nodeId);
  const services = observed.services.filter((service) => tasksOn(nodeId, service, observed) > 0).sort(byName);
  const moves: DrainMove[] = [];
  const stuck: DrainStuck[] = [];
  for (const service of services) {
    const { move, rest } = planService(service, nodeId, observed);
    if (move !== undefined) moves.push(move);
    if (rest !== undefined) stuck.push(rest);
  }
  return {
    nodeId,
    host: node?.hostname ?? nodeId,
    moves,
    stuck,
    data: services.flatMap(({ name, mounts }) => dataWords(name, mounts)),
    pinned: [...observed.pinned].sort().map((name) => `${name} runs on this host only and stays`),
  };
}

function tasksOn(nodeId: string, { id }: DrainService, { tasks }: DrainObserved): number {
  return tasks.filter((task) => task.serviceId === id && task.nodeId === nodeId).length;
}

function planService(
  service: DrainService,
  nodeId: string,
  observed: DrainObserved,
): { readonly move?: DrainMove; readonly rest?: DrainStuck } {
  const tasks = tasksOn(nodeId, service, observed);
  const on = { serviceId: service.id, service: service.name };
  if (service.mode === 'global')
    return { move: { ...on, tasks, how: 'ends', why: 'it runs once on each host that takes tasks', to: [] } };
  const others = observed.nodes.filter(({ id }) => id !== nodeId);
  const { placed, to, reasons } = place(service, tasks, others, observed);
  const twice = mayStandTwice(service);
  const why = twice === true ? 'two of its tasks may stand at once' : twice;
  const how = twice === true && service.mode === 'replicated' ? 'start-first' : 'stop-first';
  return {
    ...(placed === 0 ? {} : { move: { ...on, tasks: placed, how, why, to } }),
    ...(placed === tasks ? {} : { rest: { service: service.name, tasks: tasks - placed, reasons } }),
  };
}

/** True, or why not, in words. */
function mayStandTwice({ order, hasHealthCheck, mounts, mode }: DrainService): true | string {
  if (mode === 'job') return 'it is a job, which begins anew elsewhere';
  if (order === 'start-first') return true;
  const data = mounts.find(({ isWritable }) => isWritable);
  if (data !== undefined) return `it writes to ${data.source}`;
  if (order === 'stop-first') return 'its update_config says stop-first';
  return hasHealthCheck ? true : 'it has no health check';
}

function place(service: DrainService, tasks: number, nodes: readonly DrainNode[], observed: DrainObserved) {
  const added = new Map<string, number>();
  let placed = 0;
  for (; placed < tasks; placed += 1) {
    const free = nodes
      .filter((node) => whyNot(service, node, loadOf(node, service, added.get(node.id) ?? 0, observed)) === undefined)
      .sort((a, b) => (added.get(a.id) ?? 0) - (added.get(b.id) ?? 0))[0];
    if (free === undefined) break;
    added.set(free.id, (added.get(free.id) ?? 0) + 1);
  }
  const to = nodes
    .filter(({ id }) => added.has(id) || placed === tasks)
    .filter((node) => {
      return added.has(node.id) || whyNot(service, node, loadOf(node, service, 0, observed)) === undefined;
    });
  const against = new Map<string, string[]>();
  for (const node of nodes) {
    const why = whyNot(service, node, loadOf(node, service, added.get(node.id) ?? 0, observed));
    if (why !== undefined) against.set(why, [...(against.get(why) ?? []), node.hostname]);
  }
  return {
    placed,
    to: to.map(({ hostname }) => hostname).sort(),
    reasons: [...against].map(([why, names]) => `${names.sort().join(', ')}: ${why}`).sort(),
  };
}

function loadOf(node: DrainNode, service: DrainService, added: number, { tasks, services }: DrainObserved): NodeLoad {
  const here = tasks.filter(({ nodeId }) => nodeId === node.id);
  const holding = here.flatMap(({ serviceId }) => services.filter(({ id }) => id === serviceId));
  const all = [...holding, ...Array.from({ length: added }, () => service)];
  return {
    nanoCpus: all.reduce((sum, each) => sum + each.nanoCpus, 0),
    memoryBytes: all.reduce((sum, each) => sum + each.memoryBytes, 0),
    hostPorts: new Set(all.flatMap(({ hostPorts }) => hostPorts)),
    ownTasks: all.filter(({ id }) => id === service.id).length,
  };
}

function dataWords(service: string, mounts: DrainService['mounts']): readonly string[] {
  return mounts
    .filter(({ isWritable }) => isWritable)
    .map(({ type, source }) =>
      type === 'volume'
        ? `volume ${source} of ${service} stays on this host; elsewhere its tasks begin with one of their own`
        : `${source} of this host stays here; tasks of ${service} see the path of the host that they go to`,
    )
    .sort();
}
