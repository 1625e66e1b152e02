import type { Engine } from '@drover/engine';
import { engineIfAny } from '../execute/engines.ts';
import { execute } from '../execute/execute.ts';
import type { ExecuteOptions, SwarmExecuteOptions } from '../execute/execution.ts';
import { lastLines } from '../execute/last-lines.ts';
import { failedTask } from '../execute/swarm/service-state.ts';
import { describeEnd, type TaskWitnesses } from '../execute/swarm/task-end.ts';
import type { OperationOf } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import type { SwarmDesired } from '../model/swarm/desired.ts';
import type { SwarmObserved } from '../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../model/swarm/plan-options.ts';
import { collectSwarmObserved, type SwarmHost } from '../observe/swarm/collect.ts';
import { nodeUsage } from '../observe/swarm/node-usage.ts';
import type { UnplacedQuestion } from '../plan/swarm/explain-unplaced.ts';
import type { ConvergenceParts, EndSeen } from './convergence.ts';

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
  const hostOf = (nodeId: string): string | undefined => swarm?.hostOf?.(nodeId);
  const witnesses: TaskWitnesses = {
    manager,
    hostOf,
    engineOfNode: (nodeId) => engineIfAny(engineOf, hostOf(nodeId)),
  };
  return {
    endBefore: async (operation) => {
      if (operation.kind === 'service-wait') return await endOfTask(witnesses, operation);
      if (operation.kind !== 'container-start' || !('id' in operation.container)) return undefined;
      const engine = engineIfAny(engineOf, operation.host);
      return engine === undefined ? undefined : { lines: await lastLines(engine, operation.container.id) };
    },
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

/** How the task ended for which a service is to be waited for again. */
async function endOfTask(
  witnesses: TaskWitnesses,
  { services: awaited }: OperationOf<'service-wait'>,
): Promise<EndSeen | undefined> {
  const { manager } = witnesses;
  const signal = AbortSignal.timeout(explainMs);
  const names = awaited.map(({ name }) => name);
  // The filter takes the beginning of a name for the whole.
  const listed = await manager.services.list({ filters: { name: names }, signal });
  for (const service of listed.filter(({ Spec }) => names.includes(Spec.Name))) {
    const task = failedTask(service, await manager.tasks.list({ filters: { service: [service.ID] }, signal }));
    if (task !== undefined) return await describeEnd(witnesses, service, task);
  }
  return undefined;
}

/** What tasks hold on each node now. */
async function collectUsage(manager: Engine): Promise<UnplacedQuestion['usage']> {
  const signal = AbortSignal.timeout(explainMs);
  const tasks = await manager.tasks.list({ filters: { 'desired-state': ['running'] }, signal });
  return nodeUsage(tasks, [], new Map());
}
