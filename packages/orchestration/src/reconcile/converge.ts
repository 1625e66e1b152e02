import { InternalError } from '@drover/base';
import type { ConvergenceParts, ConvergenceRequest, ConvergenceResult } from './convergence.ts';

/**
 * Observes, plans, executes, and observes again: it succeeded when a second plan is empty. On failure, time-out or
 * cancellation the previous revision is planned against what stands then, and put back.
 */
export async function converge(_parts: ConvergenceParts, request: ConvergenceRequest): Promise<ConvergenceResult> {
  throw new InternalError(`deploying ${request.target.identity.name}: not built yet`);
}
