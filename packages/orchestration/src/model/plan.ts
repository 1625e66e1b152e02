import type { Origin } from '@drover/compose';
import type { Operation } from './operation.ts';

export type ServiceChangeKind =
  | 'created'
  | 'recreated'
  | 'restarted'
  | 'started'
  | 'changed'
  | 'scaled'
  | 'stopped'
  | 'removed'
  | 'unchanged'
  | 'maybe-recreated';

/** What a plan does to one service, in words. */
export interface ServiceChange {
  readonly service: string;
  readonly change: ServiceChangeKind;
  readonly causes: readonly string[];
}

/** Something that the reader of a plan should know and that stops nothing. */
export interface Notice {
  readonly message: string;
  readonly service?: string;
  readonly origin?: Origin;
}

/**
 * A DAG of operations that brings what stands to what is wanted; `operations` is in an order that respects `dependsOn`.
 * It holds request bodies, and so secrets: only `describePlan` of it leaves the process.
 */
export interface Plan {
  readonly project: string;
  readonly operations: readonly Operation[];
  /** Every service concerned, by name. */
  readonly services: readonly ServiceChange[];
  readonly notices: readonly Notice[];
}

/** A step of a plan as it is shown: never a secret, never a request body. */
export interface OperationView {
  readonly id: string;
  readonly kind: Operation['kind'];
  readonly target: string;
  readonly service?: string;
  /** The host whose engine does it, where there are several. */
  readonly host?: string;
  readonly causes: string[];
  readonly impact: Operation['impact'];
  readonly dependsOn: string[];
}

/** A plan as it is shown and stored. */
export interface PlanView {
  readonly empty: boolean;
  readonly services: { service: string; change: ServiceChangeKind; causes: string[] }[];
  readonly operations: OperationView[];
  readonly notices: Notice[];
}

/** The step as it is shown. */
export function describeOperation(operation: Operation): OperationView {
  return {
    id: operation.id,
    kind: operation.kind,
    target: operation.target,
    ...(operation.service === undefined ? {} : { service: operation.service }),
    ...(operation.host === undefined ? {} : { host: operation.host }),
    causes: [...operation.causes],
    impact: operation.impact,
    dependsOn: [...operation.dependsOn],
  };
}

/** The plan without anything that may be secret; safe to store, send and log. */
export function describePlan(plan: Plan): PlanView {
  return {
    empty: plan.operations.length === 0,
    services: plan.services.map((change) => ({ ...change, causes: [...change.causes] })),
    operations: plan.operations.map(describeOperation),
    notices: [...plan.notices],
  };
}
