import type { Plan } from '../model/plan.ts';

/** The plan as text, one operation a line, for people, logs and golden tests: `[3] container-start web-1 — why (after 1, 2)`. */
export function printPlan(plan: Plan): string {
  const numbers = new Map(plan.operations.map(({ id }, index) => [id, index + 1]));
  const lines = plan.operations.map((operation) => {
    const before = operation.dependsOn.map((id) => numbers.get(id) ?? 0).sort((a, b) => a - b);
    const after = before.length === 0 ? '' : ` (after ${before.join(', ')})`;
    return `[${numbers.get(operation.id)}] ${operation.id} — ${operation.causes.join('; ')}${after}`;
  });
  return lines.length === 0 ? 'nothing to do\n' : `${lines.join('\n')}\n`;
}
