import { InternalError } from '@drover/base';
import type { Desired } from '../model/desired.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanOptions } from '../model/plan-options.ts';

/** What to do so that `desired` stands. Throws `PlanError` with every reason why that cannot be. */
export function planDeploy(desired: Desired, _observed: Observed, _options: PlanOptions = {}): Plan {
  throw new InternalError(`planning ${desired.identity.name}: not built yet`);
}
