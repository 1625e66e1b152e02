import {
  type ConvergenceParts,
  type ConvergenceResult,
  collectFacts,
  collectObserved,
  converge,
  type Desired,
  type EngineFacts,
  type ExecuteOptions,
  type ExecutionResult,
  engineFacts,
  execute,
  lastLines,
  type Observed,
  type Plan,
  planDeploy,
} from '@drover/orchestration';
import { reportConvergence, throwIfAbandoned } from '../../deployment/report.ts';
import type { DeploymentRun } from '../../deployment/run.ts';
import type { Host } from '../../host/host.ts';
import type { ConvergeRequest } from '../orchestrator.ts';

export interface ObserveOptions {
  /** Whether what is remembered of a container counts as long as no event has touched it. */
  readonly trusts: (containerId: string) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** For those who did nothing themselves: events tell of what others do. */
export const trustEvents = (): boolean => true;

/** Reads what stands of a project; containers that are remembered and may be trusted are not inspected again. */
export async function observe(
  host: Host,
  project: string,
  desired: Pick<Desired, 'images'> | undefined,
  { trusts, signal }: ObserveOptions,
): Promise<Observed> {
  const eventCount = host.eventCount;
  const observed = await collectObserved(host.engine, {
    project,
    ...(desired === undefined ? {} : { desired }),
    known: (summary) => (trusts(summary.Id) ? host.knownInspect(summary) : undefined),
    facts: await factsOf(host, signal),
    signal,
  });
  for (const container of observed.containers) host.keepInspect(container, eventCount);
  return observed;
}

/** What is known of the engine without asking it: nothing while it cannot be reached. */
export function knownFacts({ state }: Host): EngineFacts | undefined {
  return state.state === 'connected' ? engineFacts(state.apiVersion, state.info) : undefined;
}

/** What the engine can do, as far as verdicts and plans depend on it. */
export async function factsOf(host: Host, signal: AbortSignal | undefined): Promise<EngineFacts> {
  return knownFacts(host) ?? (await collectFacts(host.engine, signal));
}

/** Brings a revision about, telling of every step; puts the previous one back where that fails. */
export async function convergeRun(
  run: DeploymentRun,
  host: Host,
  { target, previous, options, timeoutMs, settleMs, secrets }: ConvergeRequest,
): Promise<ConvergenceResult> {
  // Their events may not have come yet when everything is looked at again.
  const touched = new Set<string>();
  const parts: ConvergenceParts = {
    async observe(desired, signal) {
      throwIfAbandoned(run);
      return await observe(host, desired.identity.name, desired, { trusts: (id) => !touched.has(id), signal });
    },
    plan: planDeploy,
    async execute(plan, executeOptions) {
      run.report({ type: 'phase', phase: 'execute' });
      for (const id of containersOf(plan)) touched.add(id);
      return await executePlan(run, host, plan, executeOptions);
    },
    endBefore: async (operation) =>
      operation.kind === 'container-start' && 'id' in operation.container
        ? { lines: await lastLines(host.engine, operation.container.id) }
        : undefined,
  };
  run.report({ type: 'phase', phase: 'plan' });
  return await converge(parts, {
    target,
    previous,
    options,
    resumed: run.resumed,
    signal: run.cancelled,
    timeoutMs,
    settleMs,
    secrets,
    onEvent: (event) => reportConvergence(run, event),
  });
}

/** The standing containers that a plan works on; those that it makes are remembered by nobody yet. */
function containersOf({ operations }: Plan): string[] {
  const references = operations.flatMap((operation) => ('container' in operation ? [operation.container] : []));
  return references.flatMap((container) => ('id' in container ? [container.id] : []));
}

/** Carries out a plan; ends early, without a result, when the server stops. */
export async function executePlan(
  run: DeploymentRun,
  host: Host,
  plan: Plan,
  options: ExecuteOptions,
): Promise<ExecutionResult> {
  throwIfAbandoned(run);
  const signals = [run.abandoned, options.signal].filter((each) => each !== undefined);
  const processors = host.state.state === 'connected' ? host.state.info.NCPU : undefined;
  const result = await execute(plan, host.engine, { ...options, processors, signal: AbortSignal.any(signals) });
  throwIfAbandoned(run);
  return result;
}
