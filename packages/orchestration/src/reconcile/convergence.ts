import type { ExecuteOptions, ExecutionResult } from '../execute/execution.ts';
import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Operation } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanOptions } from '../model/plan-options.ts';
import type { ExecutionEvent, Failure } from '../model/progress.ts';
import type { SwarmPlanOptions } from '../model/swarm/plan-options.ts';

/** What a convergence reads and writes of a revision, whatever it is brought about on. */
export type ConvergenceGoal = Pick<Desired, 'identity' | 'revision' | 'project'> & {
  readonly images: ReadonlyMap<string, unknown>;
};

/** What a convergence reads and writes of the options of a planner. */
export type ConvergenceOptions = Pick<
  PlanOptions,
  'services' | 'withoutDependencies' | 'stopTimeout' | 'orphans' | 'recreate' | 'completed'
> &
  Pick<SwarmPlanOptions, 'keep' | 'move'>;

/** The parts that a convergence is handed: those of one engine, or those of a Swarm. */
export interface ConvergenceParts<
  Goal extends ConvergenceGoal = Desired,
  Standing = Observed,
  Options extends ConvergenceOptions = PlanOptions,
> {
  readonly observe: (desired: Goal, signal: AbortSignal) => Promise<Standing>;
  readonly plan: (desired: Goal, observed: Standing, options: Options) => Plan;
  readonly execute: (plan: Plan, options: ExecuteOptions) => Promise<ExecutionResult>;
  /** How what an operation is to start again had ended, for the failure of what ended after everything had been found good. */
  readonly endBefore?: (operation: Operation) => Promise<EndSeen | undefined>;
}

/** How a container or task ended. */
export interface EndSeen {
  /** Without them, the operation's causes tell it. */
  readonly words?: string;
  /** What it wrote last. */
  readonly lines: readonly string[];
}

export type ConvergenceEvent =
  | { readonly type: 'planned'; readonly plan: Plan; readonly purpose: 'forward' | 'rollback' }
  /** All that is left is to see that what was brought about stands. */
  | { readonly type: 'verifying'; readonly purpose: 'forward' | 'rollback' }
  /** The target failed; `to` null takes down what was made. */
  | { readonly type: 'rolling-back'; readonly failure: Failure; readonly to: number | null }
  | { readonly type: 'execution'; readonly event: ExecutionEvent; readonly purpose: 'forward' | 'rollback' };

export interface ConvergenceRequest<
  Goal extends ConvergenceGoal = Desired,
  Options extends ConvergenceOptions = PlanOptions,
> {
  readonly target: Goal;
  /** The revision to put back when the target fails; null: there was none, what was made is taken down again. */
  readonly previous: Goal | null;
  readonly options?: Options;
  /** Whether an earlier run of the same deploy was cut off, so that even a plan that cannot be made leaves something to put back. */
  readonly resumed?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the way forward. */
  readonly timeoutMs?: number;
  /** Milliseconds for putting the previous revision back; its own, whatever the way forward used up. Default 120 000. */
  readonly rollbackTimeoutMs?: number;
  readonly parallel?: number;
  /** How long what the way forward starts must have run (`ExecuteOptions.settleMs`). */
  readonly settleMs?: number | undefined;
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
