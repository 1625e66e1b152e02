import type { ContainerId, NodeId, ServiceId, TaskId } from '@drover/base';
import type { RegistryAuth } from '../../model/image.ts';
import type { NodeSpec, NodeState } from '../../model/node.ts';
import type { ServiceInspect, ServiceSpec } from '../../model/service.ts';
import type { TaskSpec, TaskState, TaskStatus } from '../../model/task.ts';
import type { FakeMember } from './fabric.ts';

/** What every object of a fake Swarm has; `FakeCluster.touch` changes it. */
export interface FakeObject {
  version: number;
  readonly createdAt: string;
  updatedAt: string;
}

export interface FakeNode extends FakeObject {
  readonly id: NodeId;
  readonly member: FakeMember;
  spec: NodeSpec;
  state: NodeState;
  /** Since when its manager does not hear from it, in milliseconds, or null. */
  silentSince: number | null;
}

export interface FakeService extends FakeObject {
  readonly id: ServiceId;
  spec: ServiceSpec;
  previousSpec: ServiceSpec | null;
  /** What its nodes pull with, and what they pulled with under the previous spec. */
  registryAuth: RegistryAuth | undefined;
  previousAuth: RegistryAuth | undefined;
  /** Grows with every change of the spec: which tasks are older. */
  specNumber: number;
  updateStatus: ServiceInspect['UpdateStatus'];
  update: FakeUpdate | null;
  jobIteration: number;
  lastExecution: string;
}

/** An update that replaces tasks. Times are milliseconds. */
export interface FakeUpdate {
  /** Slots that were out of date at its start. */
  readonly total: number;
  /** Those that were taken on. */
  readonly taken: Set<string>;
  /** Those that are being replaced: the new task, and when the next may follow. */
  readonly working: Map<string, { readonly taskId: TaskId; freeAt: number | null }>;
  /** New tasks, and when they ran (null until then). */
  readonly tasks: Map<TaskId, number | null>;
  readonly failed: Set<TaskId>;
  monitorUntil: number | null;
}

export interface FakeTask extends FakeObject {
  readonly id: TaskId;
  readonly serviceId: ServiceId;
  /** 0 in global services. */
  readonly slot: number;
  nodeId: NodeId | null;
  readonly spec: TaskSpec;
  /** The endpoint of the service that it was made with, as text. */
  readonly endpoint: string;
  readonly specNumber: number;
  readonly jobIteration: number | null;
  status: TaskStatus;
  desiredState: TaskState;
  containerId: ContainerId | null;
  /** A restart or update holds it `ready` until then, in milliseconds, and until the other task has ended. */
  heldUntil: number;
  waitsFor: TaskId | null;
  stopping: boolean;
}

const order: readonly TaskState[] = [
  'new',
  'allocated',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
  'remove',
  'orphaned',
];

/** Whether a state comes after another one. */
export function isBeyond(state: TaskState, other: TaskState): boolean {
  return order.indexOf(state) > order.indexOf(other);
}

/** Whether a task has ended for good. */
export function hasEnded(task: FakeTask): boolean {
  return isBeyond(task.status.State, 'running');
}

/** Whether a task is to run, now or once it is let. */
export function isWanted(task: FakeTask): boolean {
  return !isBeyond(task.desiredState, 'complete');
}

/** Where a task belongs: a slot, or in global services a node. */
export function slotOf(task: FakeTask): string {
  return task.slot === 0 && task.jobIteration === null ? `node ${task.nodeId}` : `slot ${task.slot}`;
}
