import type { Operation, Plan } from '@drover/orchestration';

const kindsOfStarting: ReadonlySet<Operation['kind']> = new Set([
  'container-start',
  'wait',
  'check',
  'hook-run',
  'pre-start-run',
]);

/** The part of a deploy that `docker compose create` does: everything is made, nothing is started. */
export function madeOnly(plan: Plan): Plan {
  return { ...plan, operations: plan.operations.map(withoutStart) };
}

/** The operations of a plan that change something. */
export function changes(plan: Plan): readonly string[] {
  return plan.operations.filter(({ kind }) => kind !== 'gate').map(({ kind, target }) => `${kind} ${target}`);
}

function withoutStart(operation: Operation): Operation {
  if (!kindsOfStarting.has(operation.kind)) return operation;
  const { id, target, causes, dependsOn } = operation;
  return { id, kind: 'gate', target, causes, impact: 'none', dependsOn };
}
