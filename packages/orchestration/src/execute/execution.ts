import type { ContainerId } from '@drover/base';
import type { Engine, RegistryAuth } from '@drover/engine';
import type { OperationId } from '../model/operation.ts';
import type { ExecutionEvent, Failure } from '../model/progress.ts';
import type { SwarmObserved } from '../model/swarm/observed.ts';
import type { ExplainPlacement } from './swarm/swarm-run.ts';

export interface ExecuteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Engine calls at once, stops aside; default 16. */
  readonly parallel?: number;
  /** How many processors the machine of the engine has: containers made and started at once are two more. Default 2. */
  readonly processors?: number | undefined;
  /** Called in order and synchronously; must not throw. */
  readonly onEvent?: (event: ExecutionEvent) => void;
  /**
   * How long a container without a health check must have run at the end, in milliseconds; default 100. Enough for a wrong
   * argument or a missing file to show, and hardly felt: only the one started last makes anybody wait.
   */
  readonly settleMs?: number;
  /** Secret values that messages and log lines must not show. */
  readonly secrets?: readonly string[];
  /** The engine of a host that operations name. Throws in words where it cannot be had. */
  readonly engineOf?: (host: string) => Engine;
  /** Given where the engine is a manager's. */
  readonly swarm?: SwarmExecuteOptions;
}

export interface SwarmExecuteOptions {
  /** What the plan was made against, so that a change by somebody else is told from Swarm's own notes about a service. */
  readonly observed?: Pick<SwarmObserved, 'services'>;
  /** The account that all hosts pull with from a registry. */
  readonly credentials?: (registry: string) => Promise<RegistryAuth | undefined>;
  /** The planner's words for tasks that no host can take; without it, Swarm's own. */
  readonly explainPlacement?: ExplainPlacement;
  /** The name in the environment of the host that a node is. */
  readonly hostOf?: (nodeId: string) => string | undefined;
  /** How long a task may find no host while nothing else of the stack moves, in milliseconds; default 30 000. */
  readonly unplacedMs?: number;
}

export interface ExecutionResult {
  readonly outcome: 'done' | 'failed';
  readonly failure?: Failure;
  /** Containers that were made, by the operation that made them. */
  readonly created: ReadonlyMap<OperationId, ContainerId>;
  /** Containers that were started and have done their work already. */
  readonly completed: ReadonlySet<string>;
  /** How many operations were done. */
  readonly done: number;
}
