import { DroverError, InternalError, messageOf } from '@drover/base';
import type { FailureView } from '@drover/contract';
import { isAway } from '@drover/engine';
import { type Failure, PlanError } from '@drover/orchestration';
import { problemView } from '../diagnostic-view.ts';
import { Refusal } from '../refusal.ts';

/** Why a deployment ended, from what its worker threw. */
export function failureOf(thrown: unknown): FailureView {
  if (thrown instanceof PlanError) {
    return { reason: 'plan', message: thrown.message, diagnostics: thrown.problems.map(problemView) };
  }
  if (thrown instanceof Refusal) {
    return {
      reason: thrown.code,
      message: thrown.message,
      ...(thrown.diagnostics.length === 0 ? {} : { diagnostics: [...thrown.diagnostics] }),
    };
  }
  if (isAway(thrown)) return { reason: 'unreachable', message: thrown.message };
  if (thrown instanceof DroverError && !(thrown instanceof InternalError))
    return { reason: thrown.code, message: messageOf(thrown) };
  return { reason: 'internal', message: 'Drover failed at this; its log says more' };
}

/** Whether what was thrown is a bug, which the log must tell of. */
export function isBug(thrown: unknown): boolean {
  return !(thrown instanceof DroverError) || thrown instanceof InternalError;
}

/** Why a deployment ended, as the orchestration found out. */
export function failureView({ reason, message, service, container, logs }: Failure, addition = ''): FailureView {
  return {
    reason,
    message: `${message}${addition}`,
    ...(service === undefined ? {} : { service }),
    ...(container === undefined ? {} : { container }),
    ...(logs === undefined ? {} : { logs: [...logs] }),
  };
}
