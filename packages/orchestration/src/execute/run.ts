import { type ContainerId, InternalError } from '@drover/base';
import type { Engine } from '@drover/engine';
import type { ContainerRef, Operation, OperationId } from '../model/operation.ts';
import type { ContainerWatch } from './container-watch.ts';
import type { Starts } from './starts.ts';
import type { SwarmRun } from './swarm/swarm-run.ts';

export interface Progress {
  readonly text: string;
  readonly done: number;
  readonly wanted: number;
}

/** What the operations of one execution share. Those of a host have that host's engine and watch. */
export interface Run {
  readonly engine: Engine;
  readonly project: string;
  readonly watch: ContainerWatch;
  /** Where the engine is a manager's. */
  readonly swarm?: SwarmRun | undefined;
  /** Pulls an image that the engine lacks; absent where images are settled on this very engine before. */
  readonly fetchImage?: ((ref: string, platform: string | undefined) => Promise<void>) | undefined;
  readonly progress: (operation: Operation, progress: Progress) => void;
  /** Tells that an operation waits only for what was started to run on for a while. */
  readonly settling: (operation: Operation) => void;
  readonly created: Map<OperationId, ContainerId>;
  readonly starts: Starts;
  /** Containers that were found to have done their work. */
  readonly completed: Set<string>;
  /** The most calls at once. */
  readonly parallel: number;
  /** How long what was started must have run at the end. */
  readonly settleMs: number;
  /** Fires when nothing more shall be waited for. */
  readonly soft: AbortSignal;
  /** Fires when even calls under way must end. */
  readonly hard: AbortSignal;
}

/** The id of the container that a reference means. */
export function idOf(run: Pick<Run, 'created'>, container: ContainerRef): ContainerId {
  if ('id' in container) return container.id;
  const id = run.created.get(container.createdBy);
  if (id === undefined) throw new InternalError(`executing: ${container.createdBy} has made no container yet`);
  return id;
}
