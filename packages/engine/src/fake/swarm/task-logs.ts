import type { TaskId } from '@drover/base';
import type { TaskLogOptions } from '../../api/services.ts';
import type { TaskOutputLine } from '../../model/task.ts';
import { readOutputLines } from '../../output-lines.ts';
import { AsyncQueue } from '../../stream/queue.ts';
import { isRunning } from '../container.ts';
import type { FakeCall, Gate } from '../gate.ts';
import type { FakeCluster } from './cluster.ts';
import { containerOf } from './inspect-service.ts';
import type { FakeTask } from './objects.ts';

interface Source {
  readonly cluster: FakeCluster;
  isOf(task: FakeTask): boolean;
}

/** The lines of some tasks; with `follow` those to come, too, also of tasks that are made later. */
export async function* readFakeTaskLogs(
  gate: Gate,
  call: FakeCall,
  doing: string,
  options: TaskLogOptions | undefined,
  findSource: () => Source,
): AsyncGenerator<TaskOutputLine, void, undefined> {
  const source = await gate.pass(call, doing, options, findSource);
  const queue = new AsyncQueue<TaskOutputLine>();
  const reading = new Set<TaskId>();
  const stop = new AbortController();
  const abort = () => queue.close(gate.streamError(new Error('ended'), doing, options?.signal));
  const pumps: Promise<void>[] = [];
  const readMore = () => {
    for (const task of source.cluster.tasks.values()) {
      if (!source.isOf(task) || reading.has(task.id) || containerOf(source.cluster, task)?.startedAt == null) continue;
      reading.add(task.id);
      pumps.push(pump(source.cluster, task, options ?? {}, queue, stop.signal).catch(() => {}));
    }
  };
  options?.signal?.addEventListener('abort', abort, { once: true });
  if (options?.signal?.aborted) abort();
  readMore();
  const forget = options?.follow === true ? source.cluster.onChange(readMore) : () => {};
  if (options?.follow !== true) void Promise.all(pumps).then(() => queue.close());
  try {
    yield* queue;
  } finally {
    stop.abort();
    forget();
    options?.signal?.removeEventListener('abort', abort);
  }
}

async function pump(
  cluster: FakeCluster,
  task: FakeTask,
  options: TaskLogOptions,
  queue: AsyncQueue<TaskOutputLine>,
  signal: AbortSignal,
): Promise<void> {
  const container = containerOf(cluster, task);
  if (container === undefined || task.nodeId === null) return;
  const chunks = container.output.read({ ...options, timestamps: true, signal }, isRunning(container));
  for await (const { stream, text, time } of readOutputLines(chunks, { timestamps: true })) {
    queue.push({
      stream: stream === 'stderr' ? 'stderr' : 'stdout',
      text,
      time: time ?? '',
      nodeId: task.nodeId,
      serviceId: task.serviceId,
      taskId: task.id,
    });
  }
}
