import type { Engine, RegistryAuth } from '@drover/engine';
import type { OperationId } from '../../model/operation.ts';
import type { ObservedNode, ObservedService } from '../../model/swarm/observed.ts';
import type { ServiceSpec } from '../../model/swarm/service-spec.ts';
import type { Limit } from '../limit.ts';
import type { StackWatch } from './stack-watch.ts';

/** What is asked when Swarm finds no host for a task. */
export interface PlacementQuestion {
  readonly serviceId: string;
  readonly spec: ServiceSpec;
  readonly nodes: readonly ObservedNode[];
}

/** Answers in a sentence which hosts do not fit, and why, by the planner's own rules; undefined where by them some host fits. */
export type ExplainPlacement = (question: PlacementQuestion) => Promise<string | undefined>;

/** What operations on a Swarm share beside the rest. */
export interface SwarmRun {
  readonly watch: StackWatch;
  /** Operations that others of the plan wait for. */
  readonly awaited: ReadonlySet<OperationId>;
  /** The services that the plan was made against, where they are known. */
  readonly observed: readonly ObservedService[];
  /** Ids of secrets and configs that this run made, by kind and name. */
  readonly files: Map<string, string>;
  readonly credentials: (registry: string) => Promise<RegistryAuth | undefined>;
  readonly explainPlacement: ExplainPlacement | undefined;
  readonly unplacedMs: number;
  /** The name in the environment of the host that a node is. */
  readonly hostOf: (nodeId: string) => string | undefined;
  /** The engine of the host that a node is, where it can be asked. */
  readonly engineOfNode: (nodeId: string) => Engine | undefined;
  /** Removals of services wait without taking a place of the plan; this bounds the calls among them. */
  readonly removals: Limit;
}
