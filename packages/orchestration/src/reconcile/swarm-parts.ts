import type { Engine } from '@drover/engine';
import { execute } from '../execute/execute.ts';
import type { ExecuteOptions, SwarmExecuteOptions } from '../execute/execution.ts';
import type { Plan } from '../model/plan.ts';
import type { SwarmDesired } from '../model/swarm/desired.ts';
import type { SwarmObserved } from '../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../model/swarm/plan-options.ts';
import { collectSwarmObserved, type SwarmHost } from '../observe/swarm/collect.ts';
import type { ConvergenceParts } from './convergence.ts';

export type SwarmConvergenceParts = ConvergenceParts<SwarmDesired, SwarmObserved, SwarmPlanOptions>;

export interface SwarmPartsRequest extends Pick<ExecuteOptions, 'engineOf' | 'settleMs'> {
  /** The engine of a manager. */
  readonly manager: Engine;
  readonly plan: SwarmConvergenceParts['plan'];
  /** The hosts that can be reached, where the stack has pinned containers or shall have some. */
  readonly hosts?: readonly SwarmHost[] | undefined;
  readonly swarm?: Omit<SwarmExecuteOptions, 'observed'>;
}

/** The parts of a convergence on a Swarm. An execution is told what its plan was made against. */
export function swarmParts(request: SwarmPartsRequest): SwarmConvergenceParts {
  const { manager, hosts, swarm, engineOf, settleMs } = request;
  const against = new WeakMap<Plan, SwarmObserved>();
  return {
    observe: (desired, signal) =>
      collectSwarmObserved(manager, { project: desired.identity.name, desired, hosts, signal }),
    plan: (desired, observed, options) => {
      const plan = request.plan(desired, observed, options);
      against.set(plan, observed);
      return plan;
    },
    execute: (plan, options) => {
      const observed = against.get(plan);
      return execute(plan, manager, {
        ...options,
        ...(engineOf === undefined ? {} : { engineOf }),
        ...(settleMs === undefined ? {} : { settleMs }),
        swarm: { ...swarm, ...(observed === undefined ? {} : { observed }) },
      });
    },
  };
}
