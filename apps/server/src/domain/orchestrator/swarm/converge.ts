import {
  type ConvergenceParts,
  type ConvergenceResult,
  converge,
  type ExecutionEvent,
  type ExecutionResult,
  execute,
  type Plan,
  type PlanOptions,
  type SwarmDesired,
  type SwarmObserved,
  type SwarmPlanOptions,
} from '@drover/orchestration';
import { collectSwarmObserved } from '@drover/orchestration/observe/swarm/collect';
import { planSwarmDeploy } from '@drover/orchestration/plan/swarm/deploy';
import { explainPlacement, place } from '@drover/orchestration/plan/swarm/placement';
import { placementNeed } from '@drover/orchestration/plan/swarm/placement-need';
import type { Registries } from '../../credential/registries.ts';
import { reportConvergence, throwIfAbandoned } from '../../deployment/report.ts';
import type { DeploymentRun } from '../../deployment/run.ts';
import { hostNamed } from '../../host/host-group.ts';
import type { ConvergeRequest } from '../orchestrator.ts';
import { toSwarmDesired } from './desired.ts';
import { reachableHosts, type SwarmMembers, swarmFactsOf } from './members.ts';

/** What work on a Swarm is done with. */
export interface SwarmWork {
  readonly members: SwarmMembers;
  readonly registries: Registries;
}

/** Brings a revision about on the Swarm; puts the previous one back where that fails. */
export async function convergeOnSwarm(
  run: DeploymentRun,
  work: SwarmWork,
  { target, previous, options, timeoutMs, secrets }: ConvergeRequest,
): Promise<ConvergenceResult> {
  const { members } = work;
  let observed: SwarmObserved | undefined;
  const parts: ConvergenceParts<SwarmDesired, SwarmObserved, SwarmPlanOptions> = {
    async observe(desired, signal) {
      throwIfAbandoned(run);
      observed = await collectSwarmObserved(members.manager, {
        project: desired.identity.name,
        desired,
        hosts: reachableHosts(members),
        signal,
      });
      return observed;
    },
    plan: planSwarmDeploy,
    async execute(plan, executeOptions) {
      run.report({ type: 'phase', phase: 'execute' });
      const onEvent = (event: ExecutionEvent) => executeOptions.onEvent?.(event);
      const result = await executeOnSwarm(run, work, plan, {
        signal: executeOptions.signal,
        onEvent,
        secrets,
        observed,
      });
      if (result.outcome === 'done') run.report({ type: 'phase', phase: 'verify' });
      return result;
    },
  };
  run.report({ type: 'phase', phase: 'plan' });
  const facts = swarmFactsOf(members);
  return await converge(parts, {
    target: toSwarmDesired(target, facts),
    previous: previous === null ? null : toSwarmDesired(previous, facts),
    options: swarmPlanOptions(options),
    resumed: run.resumed,
    signal: run.cancelled,
    timeoutMs,
    secrets,
    onEvent: (event) => reportConvergence(run, event),
  });
}

/** Carries out a plan; ends early, without a result, when the server stops. */
export async function executeOnSwarm(
  run: DeploymentRun,
  { members, registries }: SwarmWork,
  plan: Plan,
  {
    signal,
    onEvent,
    secrets,
    observed,
  }: {
    readonly signal: AbortSignal | undefined;
    readonly onEvent: (event: ExecutionEvent) => void;
    readonly secrets: readonly string[];
    /** What the plan was made against. */
    readonly observed: SwarmObserved | undefined;
  },
): Promise<ExecutionResult> {
  throwIfAbandoned(run);
  const signals = signal === undefined ? [run.abandoned] : [signal, run.abandoned];
  const result = await execute(plan, members.manager, {
    signal: AbortSignal.any(signals),
    onEvent,
    secrets,
    engineOf: (host) => hostNamed(members, host).engine,
    swarm: {
      ...(observed === undefined ? {} : { observed }),
      explainPlacement: async ({ serviceId, spec, nodes }) => {
        const answer = place(placementNeed(spec, serviceId), nodes, observed?.usage);
        return answer.fitting.length > 0 ? undefined : explainPlacement(answer);
      },
      credentials: (registry) => registries.credentials(registry),
      hostOf: (nodeId) => reachableHosts(members).find((host) => host.nodeId === nodeId)?.name,
    },
  });
  throwIfAbandoned(run);
  return result;
}

/** What of the options of a deploy has a meaning on a Swarm. */
export function swarmPlanOptions({
  services,
  withoutDependencies,
  recreate,
  orphans,
  scale,
  wait,
}: PlanOptions): SwarmPlanOptions {
  return {
    ...(services === undefined ? {} : { services }),
    ...(withoutDependencies === undefined ? {} : { withoutDependencies }),
    ...(recreate === 'force' ? { recreate } : {}),
    ...(orphans === undefined ? {} : { orphans }),
    ...(scale === undefined ? {} : { scale }),
    ...(wait === undefined ? {} : { wait }),
  };
}
