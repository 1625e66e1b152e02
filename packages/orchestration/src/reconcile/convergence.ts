import type { ExecuteOptions, ExecutionResult } from '../execute/execution.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanOptions } from '../model/plan-options.ts';
import type { ExecutionEvent, Failure } from '../model/progress.ts';

/** The parts that a convergence is handed. */
export interface ConvergenceParts {
  readonly observe: (desired: Desired, signal: AbortSignal) => Promise<Observed>;
  readonly plan: (desired: Desired, observed: Observed, options: PlanOptions) => Plan;
  readonly execute: (plan: Plan, options: ExecuteOptions) => Promise<ExecutionResult>;
  /** What a container wrote last, for the failure of one that ended after everything had been found good. */
  readonly lastLines?: (containerId: string) => Promise<readonly string[]>;
}

export type ConvergenceEvent =
  | { readonly type: 'planned'; readonly plan: Plan; readonly purpose: 'forward' | 'rollback' }
  /** The target failed; `to` null takes down what was made. */
  | { readonly type: 'rolling-back'; readonly failure: Failure; readonly to: number | null }
  | { readonly type: 'execution'; readonly event: ExecutionEvent; readonly purpose: 'forward' | 'rollback' };

export interface ConvergenceRequest {
  readonly target: Desired;
  /** The revision to put back when the target fails; null: there was none, what was made is taken down again. */
  readonly previous: Desired | null;
  readonly options?: PlanOptions;
  /** Whether an earlier run of the same deploy was cut off, so that even a plan that cannot be made leaves something to put back. */
  readonly resumed?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the way forward. */
  readonly timeoutMs?: number;
  /** Milliseconds for putting the previous revision back; its own, whatever the way forward used up. Default 120 000. */
  readonly rollbackTimeoutMs?: number;
  readonly parallel?: number;
  readonly secrets?: readonly string[];
  readonly onEvent?: (event: ConvergenceEvent) => void;
}

export type ConvergenceResult =
  | { readonly outcome: 'succeeded'; readonly servedRevision: number; readonly changed: boolean }
  | {
      readonly outcome: 'failed' | 'cancelled';
      readonly failure: Failure;
      /** What stands now; null when nothing does, or when putting the previous one back failed too. */
      readonly servedRevision: number | null;
      /** Why the previous revision could not be put back. */
      readonly rollbackFailure?: Failure;
    };
