import type { DeploymentEvent } from '@drover/contract';
import type { DeploymentEnd, DeploymentRecord } from './deployment-store.ts';
import type { Progress } from './progress.ts';
import type { DeploymentRequest } from './request.ts';

/** An event without its time. */
type Untimed<Event> = Event extends { at: string } ? Omit<Event, 'at'> : never;
export type ReportedEvent = Untimed<DeploymentEvent>;

/** What a worker is given: one attempt at one deployment. */
export interface DeploymentRun {
  readonly record: DeploymentRecord;
  /** Fires when somebody cancels the deployment. */
  readonly cancelled: AbortSignal;
  /** Fires when the server stops: the work is dropped as it is, and gone on with at the next start. */
  readonly abandoned: AbortSignal;
  /** An earlier attempt was cut off, and may have left things half-done. */
  readonly resumed: boolean;
  readonly progress: Progress;
  report(event: ReportedEvent): void;
}

/** How a worker says that it ended. */
export type Outcome = Omit<DeploymentEnd, 'events' | 'operationsTotal' | 'operationsDone'>;

/** Carries out one kind of deployment. What it throws is the deployment's failure. */
export type Worker<Action extends DeploymentRequest['action']> = (
  run: DeploymentRun,
  request: Extract<DeploymentRequest, { action: Action }>,
) => Promise<Outcome>;

/** A worker for every action: the compiler finds the gap. */
export type Workers = { readonly [Action in DeploymentRequest['action']]: Worker<Action> };
