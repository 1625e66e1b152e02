import { InternalError, unreachable } from '@drover/base';
import type { ConvergenceEvent, ExecutionEvent } from '@drover/orchestration';
import { planView } from '../plan-view.ts';
import type { DeploymentRun } from './run.ts';

/** One step of a plan, as subscribers are told of it. */
export function reportExecution(run: DeploymentRun, event: ExecutionEvent): void {
  if (event.type === 'settling') return;
  if (event.type === 'progress') {
    run.report({ type: 'message', level: 'info', text: event.text });
    return;
  }
  const { dependsOn: _, ...operation } = event.operation;
  const message =
    event.type === 'failed' ? event.failure.message : event.type === 'done' ? event.warnings?.join('; ') : '';
  run.report({
    type: 'operation',
    operation,
    status: event.type,
    ...('ms' in event ? { ms: event.ms } : {}),
    ...(message ? { message } : {}),
  });
}

/** What a convergence does, as subscribers are told of it. */
export function reportConvergence(run: DeploymentRun, event: ConvergenceEvent): void {
  switch (event.type) {
    case 'execution':
      reportExecution(run, event.event);
      break;
    case 'planned':
      run.report({ type: 'plan', purpose: event.purpose, plan: planView(event.plan) });
      break;
    case 'verifying':
      run.report({ type: 'phase', phase: 'verify' });
      break;
    case 'rolling-back': {
      const what = event.to === null ? 'what was made is taken down again' : `revision ${event.to} is put back`;
      run.report({ type: 'message', level: 'error', text: `${event.failure.message}; ${what}` });
      run.report({ type: 'phase', phase: 'rollback' });
      break;
    }
    default:
      unreachable(event);
  }
}

/** Ends the work of a server that stops. What it throws is never told to anybody. */
export function throwIfAbandoned({ abandoned }: DeploymentRun): void {
  if (abandoned.aborted) throw new InternalError('the server stops');
}
