import type { DiagnosticView, PlanView } from '@drover/contract';
import { describePlan, type Plan } from '@drover/orchestration';
import { noticeView } from './diagnostic-view.ts';

/** A plan as the API shows it: without anything that may be secret. */
export function planView(plan: Plan, diagnostics: readonly DiagnosticView[] = []): PlanView {
  const { empty, services, operations, notices } = describePlan(plan);
  return { empty, services, operations, diagnostics: [...diagnostics, ...notices.map(noticeView)] };
}
