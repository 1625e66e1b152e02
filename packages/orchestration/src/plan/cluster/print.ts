import type { ClusterPlan, ClusterStep } from '../../model/cluster/step.ts';

/** The plan as text, one step a line, for people, logs and golden tests: `[1] node-promote n2 — why`. */
export function printClusterPlan({ steps, problem, notices }: ClusterPlan): string {
  const lines = [
    ...(problem === undefined ? [] : [`problem ${problem.code}: ${problem.message}`]),
    ...steps.map(
      (step, index) => `[${index + 1}] ${step.kind} ${step.target}${detail(step)} — ${step.causes.join('; ')}`,
    ),
    ...notices.map((notice) => `notice: ${notice}`),
  ];
  return lines.length === 0 ? 'nothing to do\n' : `${lines.join('\n')}\n`;
}

function detail(step: ClusterStep): string {
  if (step.kind === 'swarm-join') return ` as ${step.role}`;
  return step.kind === 'node-availability' ? ` to ${step.availability}` : '';
}
