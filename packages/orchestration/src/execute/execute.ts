import { InternalError } from '@drover/base';
import type { Engine } from '@drover/engine';
import type { Plan } from '../model/plan.ts';
import type { ExecuteOptions, ExecutionResult } from './execution.ts';

/**
 * Carries a plan out, as much at once as its order and `parallel` allow. Never rejects: what goes wrong is the result's
 * failure, and nothing that was begun is left running when it resolves.
 */
export async function execute(plan: Plan, _engine: Engine, _options: ExecuteOptions = {}): Promise<ExecutionResult> {
  throw new InternalError(`executing the plan of ${plan.project}: not built yet`);
}
