import type { ContainerId } from '@drover/base';
import type { OperationId } from '../model/operation.ts';
import type { ExecutionEvent, Failure } from '../model/progress.ts';

export interface ExecuteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Engine calls at once; default 16. */
  readonly parallel?: number;
  /** Called in order and synchronously; must not throw. */
  readonly onEvent?: (event: ExecutionEvent) => void;
  /**
   * How long a container without a health check must have run at the end, in milliseconds; default 100. Enough for a wrong
   * argument or a missing file to show, and hardly felt: only the one started last makes anybody wait.
   */
  readonly settleMs?: number;
  /** Secret values that messages and log lines must not show. */
  readonly secrets?: readonly string[];
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
