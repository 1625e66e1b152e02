import { unreachable } from '@drover/base';
import type { Plan, SwarmObserved } from '@drover/orchestration';
import { collectSwarmObserved } from '@drover/orchestration/observe/swarm/collect';
import { planSwarmDeploy } from '@drover/orchestration/plan/swarm/deploy';
import { planSwarmDown } from '@drover/orchestration/plan/swarm/down';
import { planSwarmRestart } from '@drover/orchestration/plan/swarm/restart';
import { failureView } from '../../deployment/failure.ts';
import { reportExecution } from '../../deployment/report.ts';
import type { DeploymentRun, Outcome } from '../../deployment/run.ts';
import { workSignal } from '../../deployment/worker-parts.ts';
import { planView } from '../../plan-view.ts';
import { Refusal } from '../../refusal.ts';
import type { OperateRequest } from '../orchestrator.ts';
import { executeOnSwarm, type SwarmWork } from './converge.ts';
import { toSwarmDesired } from './desired.ts';
import { reachableHosts } from './members.ts';

/**
 * Stops, starts, restarts or removes what stands of a stack on a Swarm. A service that is stopped is gone from the Swarm, and starting
 * it makes it anew from the revision that serves: a Swarm has no services that stand and do not run.
 */
export async function operateOnSwarm(run: DeploymentRun, work: SwarmWork, request: OperateRequest): Promise<Outcome> {
  const { members } = work;
  const { success, secrets } = request;
  const signal = workSignal(run);
  const succeeded = async (): Promise<Outcome> => {
    if (request.operation.action === 'remove') await members.placements.forget(run.record.stack);
    return { state: 'succeeded', ...success };
  };
  run.report({ type: 'phase', phase: 'plan' });
  const observed = await collectSwarmObserved(members.manager, {
    project: run.record.stack,
    hosts: reachableHosts(members),
    signal,
  });
  const planned = await planOf(run, work, request, observed);
  run.report({ type: 'plan', purpose: 'forward', plan: planView(planned) });
  if (planned.operations.length === 0) return await succeeded();
  run.report({ type: 'phase', phase: 'execute' });
  const onEvent = (event: Parameters<typeof reportExecution>[1]) => reportExecution(run, event);
  const { failure } = await executeOnSwarm(run, work, planned, { signal, onEvent, secrets, observed });
  if (failure === undefined) return await succeeded();
  return { state: failure.reason === 'cancelled' ? 'cancelled' : 'failed', failure: failureView(failure) };
}

async function planOf(
  run: DeploymentRun,
  { members }: SwarmWork,
  { operation, serving }: OperateRequest,
  observed: SwarmObserved,
): Promise<Plan> {
  const { action } = operation;
  const services = 'services' in operation ? operation.services : undefined;
  const selection = services === undefined ? {} : { services };
  switch (action) {
    case 'stop':
      return planSwarmDown(observed, { ...selection, networks: false });
    case 'start': {
      const desired = await serving();
      if (desired === undefined)
        throw new Refusal('not-now', `starting ${run.record.stack}: no revision of it is known`);
      return planSwarmDeploy(toSwarmDesired(desired, members), observed, selection);
    }
    case 'restart':
      return planSwarmRestart(observed, selection);
    case 'remove':
      return planSwarmDown(observed, { volumes: volumesNamed(operation.volumes, observed) });
    default:
      return unreachable(action);
  }
}

/** The volumes of these names on every host that has one; a host that cannot be reached keeps its own. */
function volumesNamed(names: readonly string[], { pinned }: SwarmObserved): { host: string; name: string }[] {
  return [...(pinned ?? [])].flatMap(([host, { volumes }]) =>
    volumes.filter(({ Name }) => names.includes(Name)).map(({ Name }) => ({ host, name: Name })),
  );
}
