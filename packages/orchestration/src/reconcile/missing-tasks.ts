import type { Engine, NodeInspect, ServiceInspect, TaskInspect, TaskState } from '@drover/engine';
import { unplacedWords } from '../execute/swarm/placement.ts';
import { taskName, taskWords } from '../execute/swarm/task-words.ts';
import { isCurrentTask } from '../model/swarm/current-task.ts';
import { stackLabel } from '../model/swarm/labels.ts';
import { nodeUsage } from '../observe/swarm/node-usage.ts';
import { explainUnplaced } from '../plan/swarm/explain-unplaced.ts';

/** Sentences for one service; what more there is, is counted. */
const mostWords = 5;

const failedStates: ReadonlySet<TaskState> = new Set(['failed', 'rejected', 'complete']);

interface Sight {
  readonly nodes: readonly NodeInspect[];
  readonly usage: ReturnType<typeof nodeUsage>;
}

/**
 * Why tasks that a stack is to have do not run, by the service's key, a sentence each: which host ruled itself out by what, how the last
 * one ended, how far a new one is. Services that are as they should be are not there.
 */
export async function explainMissingTasks(
  manager: Engine,
  stack: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const filters = { label: [`${stackLabel.namespace}=${stack}`] };
  const [services, tasks, nodes, running] = await Promise.all([
    manager.services.list({ filters, signal }),
    manager.tasks.list({ filters, signal }),
    manager.nodes.list({ signal }),
    manager.tasks.list({ filters: { 'desired-state': ['running'] }, signal }),
  ]);
  const sight = { nodes, usage: nodeUsage(running, [], new Map()) };
  const byService = Map.groupBy(tasks, ({ ServiceID }) => ServiceID);
  const found = await Promise.all(
    services.map(async (service) => {
      const words = await missingOf(service, byService.get(service.ID) ?? [], sight);
      return words.length === 0 ? [] : [[service.Spec.Name.slice(stack.length + 1), words] as const];
    }),
  );
  return new Map(found.flat());
}

async function missingOf(service: ServiceInspect, tasks: readonly TaskInspect[], sight: Sight): Promise<string[]> {
  const current = tasks.filter((task) => isCurrentTask(task, service));
  const places = [...Map.groupBy(current, ({ Slot, NodeID }) => Slot ?? NodeID).values()];
  const lacking = places.flatMap((place) => {
    const newest = place.toSorted((a, b) => (a.CreatedAt < b.CreatedAt ? 1 : -1));
    const wanted = newest.find(({ DesiredState }) => DesiredState === 'running' || DesiredState === 'ready');
    return wanted === undefined || wanted.Status.State === 'running' ? [] : [{ wanted, newest }];
  });
  const words = await Promise.all(
    lacking.slice(0, mostWords).map(async ({ wanted, newest }) => {
      const ended = newest.find(({ Status }) => failedStates.has(Status.State));
      return `${taskName(service, wanted)} ${await whyNot(service, wanted, ended, sight)}`;
    }),
  );
  return lacking.length > mostWords ? [...words, `and ${lacking.length - mostWords} more`] : words;
}

async function whyNot(
  service: ServiceInspect,
  { Status, NodeID }: TaskInspect,
  ended: TaskInspect | undefined,
  { nodes, usage }: Sight,
): Promise<string> {
  const hostOf = (id: string | undefined) => nodes.find(({ ID }) => ID === id)?.Description.Hostname;
  if (Status.State === 'pending' || Status.State === 'new') {
    const told = (Status.Err ?? '').trim();
    if (told === '') return 'waits for a host';
    const explain = async () => explainUnplaced({ serviceId: service.ID, spec: service.Spec, nodes, usage });
    return `runs nowhere: ${await unplacedWords({ service, nodes, told, explain })}`;
  }
  if (ended !== undefined) {
    const on = hostOf(ended.NodeID);
    return `${on === undefined ? '' : `on ${on} `}${taskWords(ended)}; it is tried again`;
  }
  const on = hostOf(NodeID);
  return `is ${Status.State}${on === undefined ? '' : ` on ${on}`}`;
}
