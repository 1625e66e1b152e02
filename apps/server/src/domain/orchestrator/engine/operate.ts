import { unreachable } from '@drover/base';
import type { Project } from '@drover/compose';
import {
  type ExecutionResult,
  type Observed,
  type Plan,
  planDown,
  planRestart,
  planStart,
  planStop,
  type SelectionOptions,
} from '@drover/orchestration';
import { failureView } from '../../deployment/failure.ts';
import { reportExecution } from '../../deployment/report.ts';
import type { DeploymentRun, Outcome } from '../../deployment/run.ts';
import { workSignal } from '../../deployment/worker-parts.ts';
import type { Host } from '../../host/host.ts';
import { planView } from '../../plan-view.ts';
import type { OperateRequest, StackOperation } from '../orchestrator.ts';
import { executePlan, observe, trustEvents } from './converge-run.ts';

/** Stops, starts, restarts or removes what stands of a stack on one engine. */
export async function operate(run: DeploymentRun, host: Host, request: OperateRequest): Promise<Outcome> {
  const { operation, project, success, secrets } = request;
  const signal = workSignal(run);
  run.report({ type: 'phase', phase: 'plan' });
  const observed = await observe(host, run.record.stack, undefined, { trusts: trustEvents, signal });
  const planned = planOf(run, operation, observed, project);
  run.report({ type: 'plan', purpose: 'forward', plan: planView(planned) });
  if (planned.operations.length === 0) return { state: 'succeeded', ...success };
  run.report({ type: 'phase', phase: 'execute' });
  const result = await executePlan(run, host, planned, {
    signal,
    secrets,
    onEvent: (event) => reportExecution(run, event),
  });
  return outcomeOf(result, success);
}

function planOf(run: DeploymentRun, operation: StackOperation, observed: Observed, project: Project | undefined): Plan {
  const { action } = operation;
  switch (action) {
    case 'stop':
      return planStop(observed, selection(operation), project);
    case 'start':
      return planStart(observed, selection(operation), project);
    case 'restart':
      return planRestart(observed, selection(operation), project);
    case 'remove': {
      const volumes = standingVolumes(run, observed, operation.volumes);
      return planDown(observed, { ...selection(operation), volumes }, project);
    }
    default:
      return unreachable(action);
  }
}

function outcomeOf({ failure }: ExecutionResult, success: Partial<Outcome>): Outcome {
  if (failure === undefined) return { state: 'succeeded', ...success };
  return { state: failure.reason === 'cancelled' ? 'cancelled' : 'failed', failure: failureView(failure) };
}

function selection(operation: StackOperation): SelectionOptions {
  const { timeout } = operation;
  return {
    ...('services' in operation && operation.services !== undefined ? { services: operation.services } : {}),
    ...(timeout === undefined ? {} : { stopTimeout: timeout }),
  };
}

// After a crash some of them may be gone already.
function standingVolumes({ resumed }: DeploymentRun, observed: Observed, names: readonly string[]): readonly string[] {
  if (!resumed) return names;
  return names.filter((name) => observed.volumes.some(({ Name }) => Name === name));
}
