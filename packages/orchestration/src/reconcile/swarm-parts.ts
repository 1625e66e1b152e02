import type { Engine } from '@drover/engine';
import { execute } from '../execute/execute.ts';
import type { ExecuteOptions, SwarmExecuteOptions } from '../execute/execution.ts';
import type { Plan } from '../model/plan.ts';
import type { SwarmDesired } from '../model/swarm/desired.ts';
import type { SwarmObserved } from '../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../model/swarm/plan-options.ts';
import { collectSwarmObserved, type SwarmHost } from '../observe/swarm/collect.ts';
import { nodeUsage } from '../observe/swarm/node-usage.ts';
import type { UnplacedQuestion } from '../plan/swarm/explain-unplaced.ts';
import type { ConvergenceParts } from './convergence.ts';

/** How long a failure may take to be explained, in milliseconds. */
const explainMs = 5_000;

export type SwarmConvergenceParts = ConvergenceParts<SwarmDesired, SwarmObserved, SwarmPlanOptions>;

export interface SwarmPartsRequest extends Pick<ExecuteOptions, 'engineOf' | 'settleMs'> {
  /** The engine of a manager. */
  readonly manager: Engine;
  readonly plan: SwarmConvergenceParts['plan'];
  /** The planner's words for tasks that no host can take; without it, Swarm's own. */
  readonly explain?: (question: UnplacedQuestion) => string | undefined;
  /** The hosts that can be reached, where one of the revisions `concernsHosts`, or an earlier one left containers there. */
  readonly hosts?: readonly SwarmHost[] | undefined;
  readonly swarm?: Omit<SwarmExecuteOptions, 'observed' | 'explainPlacement'>;
}

/** The parts of a convergence on a Swarm. An execution is told what its plan was made against. */
export function swarmParts(request: SwarmPartsRequest): SwarmConvergenceParts {
  const { manager, hosts, swarm, engineOf, settleMs, explain } = request;
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
        swarm: {
          ...swarm,
          ...(explain === undefined
            ? {}
            : {
                explainPlacement: async (question) => explain({ ...question, usage: await collectUsage(manager) }),
              }),
          ...(observed === undefined ? {} : { observed }),
        },
      });
    },
  };
}

/** What tasks hold on each node now. */
async function collectUsage(manager: Engine): Promise<UnplacedQuestion['usage']> {
  const signal = AbortSignal.timeout(explainMs);
  const tasks = await manager.tasks.list({ filters: { 'desired-state': ['running'] }, signal });
  return nodeUsage(tasks, [], new Map());
}
