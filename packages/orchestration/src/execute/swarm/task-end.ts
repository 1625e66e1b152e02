import type { Engine, NodeInspect, ServiceInspect, TaskInspect } from '@drover/engine';
import { exitCodeOnHost, lastTaskLines, taskName, taskWords } from './task-words.ts';

/** How long managers may take to name a host, in milliseconds. */
const nodesMs = 5_000;

/** Where a task can be asked about. */
export interface TaskWitnesses {
  readonly manager: Engine;
  /** The name in the environment of the host that a node is. */
  readonly hostOf: (nodeId: string) => string | undefined;
  /** The engine of the host that a node is, where it can be asked. */
  readonly engineOfNode: (nodeId: string) => Engine | undefined;
}

/** How a task ended: `shop_web.2 on n3 ended with code 1`, and what it wrote last. */
export interface TaskEnd {
  readonly words: string;
  readonly host: string | undefined;
  readonly lines: readonly string[];
}

/** Tells how a task ended, by its host where that can be asked. */
export async function describeEnd(
  { manager, hostOf, engineOfNode }: TaskWitnesses,
  service: ServiceInspect,
  task: TaskInspect,
): Promise<TaskEnd> {
  const { NodeID, Status } = task;
  const engine = NodeID === undefined ? undefined : engineOfNode(NodeID);
  const host = NodeID === undefined ? undefined : (hostOf(NodeID) ?? (await hostnameOf(manager, NodeID)));
  const place = host === undefined ? '' : ` on ${host}`;
  const actualCode = Status.State === 'complete' ? await exitCodeOnHost(engine, task) : undefined;
  return {
    words: `${taskName(service, task)}${place} ${taskWords(task, actualCode)}`,
    host,
    lines: await lastTaskLines({ manager, host: engine, task }),
  };
}

/** The nodes of the Swarm; none where managers do not tell in time. */
export async function nodesOf(manager: Engine): Promise<readonly NodeInspect[]> {
  try {
    return await manager.nodes.list({ signal: AbortSignal.timeout(nodesMs) });
  } catch {
    return [];
  }
}

async function hostnameOf(manager: Engine, nodeId: string): Promise<string> {
  const node = (await nodesOf(manager)).find(({ ID }) => ID === nodeId);
  return node?.Description.Hostname ?? nodeId.slice(0, 12);
}
