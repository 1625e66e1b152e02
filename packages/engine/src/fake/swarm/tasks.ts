import type { EngineTasks } from '../../api/tasks.ts';
import { Refusal } from '../failure.ts';
import { applyFilters, type FilterTests, labelsMatch } from '../filters.ts';
import type { Gate } from '../gate.ts';
import type { FakeCluster } from './cluster.ts';
import type { FakeMember } from './fabric.ts';
import { find } from './find.ts';
import { inspectTask } from './inspect-service.ts';
import { managedBy } from './membership.ts';
import type { FakeNode, FakeTask } from './objects.ts';
import { serviceOf } from './services.ts';
import { readFakeTaskLogs } from './task-logs.ts';
import { taskName } from './template.ts';

const states = new Set(
  'new pending assigned accepted preparing ready starting running complete shutdown failed rejected remove orphaned'.split(
    ' ',
  ),
);

function testsOf(cluster: FakeCluster): FilterTests<FakeTask> {
  const nameOf = (task: FakeTask) => {
    const service = cluster.services.get(task.serviceId);
    return service === undefined ? '' : taskName(service, task);
  };
  return {
    id: (task, wanted) => wanted.some((id) => task.id.startsWith(id)),
    name: (task, wanted) => wanted.some((name) => nameOf(task).startsWith(name)),
    // The service's, which a real task keeps a copy of beyond the service's own end; a stack labels its containers the same.
    label: (task, wanted) =>
      labelsMatch(cluster.services.get(task.serviceId)?.spec.Labels ?? task.spec.ContainerSpec?.Labels, wanted),
    runtime: (_, wanted) => wanted.includes('container'),
    'desired-state': (task, wanted) => wanted.includes(task.desiredState),
    service: (task, wanted) => wanted.includes(task.serviceId),
    node: (task, wanted) => wanted.includes(task.nodeId ?? ''),
  };
}

export function createFakeTasks(member: FakeMember, gate: Gate): EngineTasks {
  const taskOf = (cluster: FakeCluster, task: string) =>
    find('task', cluster.tasks as ReadonlyMap<string, FakeTask>, task, () => '');
  return {
    list: (options) =>
      gate.pass({ name: 'tasks.list', target: '' }, 'listing tasks', options, () => {
        const cluster = managedBy(member);
        const { filters } = options ?? {};
        const bad = filters?.['desired-state']?.find((state) => !states.has(state));
        if (bad !== undefined) throw new Refusal('server', `Invalid desired-state filter: '${bad}'`);
        const named = {
          ...filters,
          ...(filters?.service && { service: filters.service.map((service) => serviceOf(cluster, service).id) }),
          ...(filters?.node && {
            node: filters.node.map((node) => {
              const nodes = cluster.nodes as ReadonlyMap<string, FakeNode>;
              return find('node', nodes, node, (found) => found.member.hostname).id;
            }),
          }),
        };
        return applyFilters([...cluster.tasks.values()], named, testsOf(cluster)).map((task) =>
          inspectTask(cluster, task),
        );
      }),
    inspect: (task, options) =>
      gate.pass({ name: 'tasks.inspect', target: task }, `reading task ${task}`, options, () => {
        const cluster = managedBy(member);
        return inspectTask(cluster, taskOf(cluster, task));
      }),
    logs: (task, options) => {
      const doing = options?.doing ?? `reading the log of task ${task}`;
      return readFakeTaskLogs(gate, { name: 'tasks.logs', target: task }, doing, options, () => {
        const cluster = managedBy(member);
        const found = taskOf(cluster, task);
        return { cluster, isOf: (other) => other === found };
      });
    },
  };
}
