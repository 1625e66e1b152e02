import {
  type ConvergenceResult,
  converge,
  type ExecutionEvent,
  type ExecutionResult,
  execute,
  explainUnplaced,
  type Plan,
  planSwarmDeploy,
  type SwarmObserved,
  type SwarmPlanOptions,
  swarmParts,
} from '@drover/orchestration';
import type { Registries } from '../../credential/registries.ts';
import { reportConvergence, throwIfAbandoned } from '../../deployment/report.ts';
import type { DeploymentRun } from '../../deployment/run.ts';
import { hostNamed } from '../../host/host-group.ts';
import type { ConvergeRequest } from '../orchestrator.ts';
import { toSwarmDesired } from './desired.ts';
import { concernedHosts, reachableHosts, type SwarmMembers } from './members.ts';

/** What work on a Swarm is done with. */
export interface SwarmWork {
  readonly members: SwarmMembers;
  readonly registries: Registries;
}

/** How long putting a revision back may take: Swarm replaces tasks one after the other. */
const rollbackMs = 600_000;

/** Brings a revision about on the Swarm; puts the previous one back where that fails. */
export async function convergeOnSwarm(
  run: DeploymentRun,
  work: SwarmWork,
  { target, previous, options, timeoutMs, settleMs, secrets }: ConvergeRequest,
): Promise<ConvergenceResult> {
  const { members } = work;
  const wanted = toSwarmDesired(target, members);
  const before = previous === null ? null : toSwarmDesired(previous, members);
  const parts = swarmParts({
    manager: members.manager,
    plan: planSwarmDeploy,
    explain: explainUnplaced,
    hosts: concernedHosts(members, before === null ? [wanted] : [wanted, before]),
    engineOf: (host) => hostNamed(members, host).engine,
    swarm: swarmOptions(work),
  });
  run.report({ type: 'phase', phase: 'plan' });
  return await converge(
    {
      ...parts,
      async observe(desired, signal) {
        throwIfAbandoned(run);
        return await parts.observe(desired, signal);
      },
      async execute(plan, executeOptions) {
        throwIfAbandoned(run);
        run.report({ type: 'phase', phase: 'execute' });
        await members.placements.note(target.identity.name, plan);
        const signals = [run.abandoned, executeOptions.signal].filter((each) => each !== undefined);
        const result = await parts.execute(plan, { ...executeOptions, signal: AbortSignal.any(signals), secrets });
        throwIfAbandoned(run);
        return result;
      },
    },
    {
      target: wanted,
      previous: before,
      options: swarmPlanOptions(options),
      resumed: run.resumed,
      signal: run.cancelled,
      timeoutMs,
      settleMs,
      rollbackTimeoutMs: rollbackMs,
      secrets,
      onEvent: (event) => reportConvergence(run, event),
    },
  );
}

/** Carries out a plan; ends early, without a result, when the server stops. */
export async function executeOnSwarm(
  run: DeploymentRun,
  work: SwarmWork,
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
    readonly observed: SwarmObserved;
  },
): Promise<ExecutionResult> {
  throwIfAbandoned(run);
  const { members } = work;
  await members.placements.note(run.record.stack, plan);
  const signals = signal === undefined ? [run.abandoned] : [signal, run.abandoned];
  const result = await execute(plan, members.manager, {
    signal: AbortSignal.any(signals),
    onEvent,
    secrets,
    ...executionOn(work, observed),
  });
  throwIfAbandoned(run);
  return result;
}

/** What a plan is carried out with on the Swarm; `observed` is what it was made against. */
export function executionOn(work: SwarmWork, observed: SwarmObserved) {
  return {
    engineOf: (host: string) => hostNamed(work.members, host).engine,
    swarm: { ...swarmOptions(work), observed },
  };
}

function swarmOptions({ members, registries }: SwarmWork) {
  return {
    credentials: (registry: string) => registries.credentials(registry),
    hostOf: (nodeId: string) => reachableHosts(members).find((host) => host.nodeId === nodeId)?.name,
  };
}

/** What of the options of a deploy has a meaning on a Swarm. */
export function swarmPlanOptions({
  services,
  withoutDependencies,
  recreate,
  orphans,
  scale,
  wait,
  move,
}: ConvergeRequest['options']): SwarmPlanOptions {
  return {
    ...(services === undefined ? {} : { services }),
    ...(withoutDependencies === undefined ? {} : { withoutDependencies }),
    ...(recreate === 'force' ? { recreate } : {}),
    ...(orphans === undefined ? {} : { orphans }),
    ...(scale === undefined ? {} : { scale }),
    ...(wait === undefined ? {} : { wait }),
    ...(move === undefined ? {} : { move }),
  };
}
