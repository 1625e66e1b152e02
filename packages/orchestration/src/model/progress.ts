import type { OperationView } from './plan.ts';

/** What happens while a plan is carried out, in order. There are at most three events an operation, `progress` and `settling` aside. */
export type ExecutionEvent =
  | { readonly type: 'started'; readonly operation: OperationView }
  | {
      readonly type: 'done';
      readonly operation: OperationView;
      readonly ms: number;
      readonly warnings?: readonly string[];
    }
  /** How far something that takes long has come; at most four a second for each operation. */
  | {
      readonly type: 'progress';
      readonly operation: OperationView;
      /** `web: 3 of 5 tasks run`. */
      readonly text: string;
      readonly done: number;
      readonly wanted: number;
    }
  /** It waits only for what was started to run on for a while. Told again where that begins anew, because something ended. */
  | { readonly type: 'settling'; readonly operation: OperationView }
  | { readonly type: 'failed'; readonly operation: OperationView; readonly ms: number; readonly failure: Failure }
  /** Not begun, because something before it failed or the run was cancelled. */
  | { readonly type: 'skipped'; readonly operation: OperationView };

/** Why a run ended early. Known secret values are replaced in `message` and `logs`. */
export interface Failure {
  /**
   * `exited`: a container ended, or keeps being restarted; `unhealthy`: its health check fails; `engine`: the engine
   * refused a call; `unreachable`: the engine cannot be talked to; `cancelled`, `timed-out`: the caller's signal;
   * `unstable`: everything was done, and yet what stands is not what was wanted; `rejected`: a host could not start a task;
   * `unplaced`: no host can take a task.
   */
  readonly reason:
    | 'exited'
    | 'unhealthy'
    | 'rejected'
    | 'unplaced'
    | 'engine'
    | 'unreachable'
    | 'cancelled'
    | 'timed-out'
    | 'unstable'
    | 'plan';
  /** One sentence. */
  readonly message: string;
  readonly operation?: OperationView;
  readonly service?: string;
  readonly container?: string;
  /** The host that it happened on, where there are several. */
  readonly host?: string;
  /** The last lines that the container wrote, at most 20. */
  readonly logs?: readonly string[];
}
