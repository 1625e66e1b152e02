import type { DrainNode, DrainService } from '../../model/cluster/drain.ts';

/** What the tasks on a node hold already. */
export interface NodeLoad {
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  readonly hostPorts: ReadonlySet<string>;
  /** Tasks of the service in question. */
  readonly ownTasks: number;
}

/** Why a node cannot take one more task of a service, in words that fit any number of nodes; undefined where it can. */
export function whyNot(service: DrainService, node: DrainNode, load: NodeLoad): string | undefined {
  if (node.state !== 'ready') return 'away';
  if (node.availability !== 'active') return node.availability === 'drain' ? 'drained' : 'paused';
  const constraint = service.constraints.find((each) => !holds(each, node));
  if (constraint !== undefined) return `ruled out by ${constraint}`;
  if (service.nanoCpus > node.nanoCpus - load.nanoCpus) return `without ${service.nanoCpus / 1e9} free CPUs`;
  if (service.memoryBytes > node.memoryBytes - load.memoryBytes)
    return `without ${Math.ceil(service.memoryBytes / 1024 / 1024)} MiB of free memory`;
  const port = service.hostPorts.find((each) => load.hostPorts.has(each));
  if (port !== undefined) return `with port ${port} taken`;
  if (service.mostPerNode > 0 && load.ownTasks >= service.mostPerNode)
    return `with ${service.mostPerNode} of its tasks, the most on one host`;
  return undefined;
}

/** One constraint of Swarm's, as its scheduler reads it (swarmkit `manager/constraint`): case does not matter. */
export function holds(constraint: string, node: DrainNode): boolean {
  const [, key = '', operator, value = ''] = /^\s*([^\s=!]+)\s*(==|!=)\s*(.+?)\s*$/.exec(constraint) ?? [];
  if (operator === undefined) return false;
  return (factOf(key, node).toLowerCase() === value.toLowerCase()) === (operator === '==');
}

function factOf(key: string, node: DrainNode): string {
  const name = key.toLowerCase();
  if (name.startsWith('node.labels.')) return node.labels[key.slice('node.labels.'.length)] ?? '';
  if (name.startsWith('engine.labels.')) return node.engineLabels[key.slice('engine.labels.'.length)] ?? '';
  switch (name) {
    case 'node.id':
      return node.id;
    case 'node.hostname':
      return node.hostname;
    case 'node.ip':
      return node.address ?? '';
    case 'node.role':
      return node.role;
    case 'node.platform.os':
      return node.os;
    case 'node.platform.arch':
      return node.architecture;
    default:
      return '';
  }
}
