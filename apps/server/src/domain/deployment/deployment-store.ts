import type { DeploymentAction, DeploymentEvent, DeploymentState, FailureView } from '@drover/contract';
import type { Environment, Source } from '../source/source.ts';
import type { RevisionContent, RevisionSummary, Variable } from '../stack/revision.ts';
import type { DeploymentRequest } from './request.ts';

/** A deployment as it is kept. */
export interface DeploymentRecord {
  readonly id: string;
  readonly stack: string;
  readonly action: DeploymentAction;
  readonly state: DeploymentState;
  readonly revision: number | undefined;
  readonly previousRevision: number | undefined;
  readonly servingRevision: number | undefined;
  readonly createdAt: string;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  readonly failure: FailureView | undefined;
  readonly operationsTotal: number;
  readonly operationsDone: number;
  /** How often it was begun: more than once after a restart of the server. */
  readonly attempts: number;
  readonly cancelRequested: boolean;
}

/** How a deployment ended, and what that means for its stack. */
export interface DeploymentEnd {
  readonly state: 'succeeded' | 'failed' | 'cancelled';
  readonly failure?: FailureView;
  readonly operationsTotal: number;
  readonly operationsDone: number;
  readonly events: readonly DeploymentEvent[];
  /** What the deployment brought about, where that is a revision that was there already. */
  readonly revision?: number;
  /** The revision that serves now; `null` is none, absent is the one from before. */
  readonly servingRevision?: number | null;
  readonly wanted?: 'running' | 'stopped' | 'removed';
  /** After a rollback: the files and variables that belong to the revision. */
  readonly restore?: {
    readonly source: Source | undefined;
    readonly environment: Environment;
    readonly variables: readonly Variable[];
  };
  /** The stack is forgotten with it. */
  readonly forget?: boolean;
}

export interface NewRevision {
  readonly origin: string;
  readonly source: Source | undefined;
  readonly summary: RevisionSummary;
  readonly fingerprint: string;
  readonly content: RevisionContent;
}

/**
 * The deployments of one environment.
 *
 * INVARIANTS: states only move forward; of one stack at most one deployment has not ended; what a method has done is on disk when
 * it resolves, all of it or nothing.
 */
export interface DeploymentStore {
  /**
   * Keeps a new deployment, with the files of its stack where it brings some. Refuses (`busy`) while another one of the stack has not
   * ended.
   */
  begin(
    record: { readonly id: string; readonly stack: string; readonly action: DeploymentAction },
    request: DeploymentRequest,
    draft: { readonly source: Source; readonly environment: Environment | undefined } | undefined,
  ): Promise<DeploymentRecord>;
  /** planned → running; counts the attempt. Undefined when it has ended. */
  start(id: string): Promise<DeploymentRecord | undefined>;
  request(id: string): Promise<DeploymentRequest>;
  /** Makes the next revision of the stack and names it as what the deployment brings about. */
  addRevision(id: string, revision: NewRevision): Promise<number>;
  requestCancel(id: string): Promise<void>;
  end(id: string, end: DeploymentEnd): Promise<DeploymentRecord>;
  find(id: string): Promise<DeploymentRecord | undefined>;
  /** Newest first. */
  list(stack: string, limit: number): Promise<readonly DeploymentRecord[]>;
  /** Of every stack that has one: the deployment that has not ended, and the newest one. */
  latest(): Promise<
    ReadonlyMap<string, { readonly active: DeploymentRecord | undefined; readonly last: DeploymentRecord }>
  >;
  /** Those that have not ended, oldest first. */
  unfinished(): Promise<readonly DeploymentRecord[]>;
  /** What happened in one that has ended. */
  events(id: string): Promise<readonly DeploymentEvent[]>;
  /** Forgets revisions of the stack beyond those kept, and old deployments. Answers the numbers of the revisions that went. */
  prune(stack: string, keep: { readonly revisions: number; readonly deployments: number }): Promise<readonly number[]>;
  /** The kept revision that served last before the one that serves now. */
  servedBefore(stack: string): Promise<number | undefined>;
}
