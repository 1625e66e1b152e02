import { countWords } from '../../../words/count.ts';
import type { Checked } from './use-check.ts';
import type { PlanState } from './use-plan.ts';

/** Why these files cannot be deployed, or `undefined`. A plan that is empty can be: deploying it is harmless and says so. */
export function deployBlocker(checked: Checked | undefined, plan: PlanState): string | undefined {
  if (checked === undefined) return 'the files are being checked';
  const errors = checked.result.diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return `the files have ${countWords(errors, 'error')}`;
  if (plan.kind === 'refused') return plan.refusal.message;
  return undefined;
}
