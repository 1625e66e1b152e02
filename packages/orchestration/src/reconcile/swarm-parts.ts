import type { Engine } from '@drover/engine';
import { execute } from '../execute/execute.ts';
import type { ExecuteOptions, SwarmExecuteOptions } from '../execute/execution.ts';
import type { PlacementQuestion } from '../execute/swarm/swarm-run.ts';
import type { Plan } from '../model/plan.ts';
import type { SwarmDesired } from '../model/swarm/desired.ts';
import type { SwarmObserved } from '../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../model/swarm/plan-options.ts';
import { collectSwarmObserved, type SwarmHost } from '../observe/swarm/collect.ts';
import { nodeUsage } from '../observe/swarm/node-usage.ts';
import { explainPlacement, place } from '../plan/swarm/placement.ts';
import { placementNeed } from '../plan/swarm/placement-need.ts';
import type { ConvergenceParts } from './convergence.ts';

/** How long a failure may take to be explained, in milliseconds. */
const explainMs = 5_000;

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
        swarm: {
          explainPlacement: (question) => explainService(manager, question),
          ...swarm,
          ...(observed === undefined ? {} : { observed }),
        },
      });
    },
  };
}

/** Which hosts cannot run a task, and why, by the rules that plans go by and what tasks hold now. */
async function explainService(manager: Engine, question: PlacementQuestion): Promise<string | undefined> {
  const { spec, serviceId, nodes } = question;
  const signal = AbortSignal.timeout(explainMs);
  const tasks = await manager.tasks.list({ filters: { 'desired-state': ['running'] }, signal });
  const placed = tasks.filter(({ NodeID }) => NodeID !== undefined);
  const answer = place(placementNeed(spec, serviceId), nodes, nodeUsage(placed, [], new Map()));
  return answer.fitting.length > 0 ? undefined : explainPlacement(answer);
}
