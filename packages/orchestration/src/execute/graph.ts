import type { Operation, OperationId } from '../model/operation.ts';

export interface GraphRequest {
  readonly operations: readonly Operation[];
  /** Does the work of an operation as soon as there is a place for it. */
  readonly admit: (operation: Operation, work: () => Promise<void>) => Promise<void>;
  /** Carries one out. false, or a rejection: nothing more is begun. */
  readonly run: (operation: Operation) => Promise<boolean>;
  /** Nothing more is begun once it fires. */
  readonly signal: AbortSignal;
}

/**
 * Runs operations, each as soon as all that it depends on are done and there is a place. Resolves with those that were
 * not begun, once everything that was begun has ended.
 */
export function runGraph(request: GraphRequest): Promise<readonly Operation[]> {
  const { operations, admit, run, signal } = request;
  const open = new Map<OperationId, number>(operations.map(({ id, dependsOn }) => [id, dependsOn.length]));
  const dependents = new Map<OperationId, Operation[]>();
  for (const operation of operations) {
    for (const before of operation.dependsOn) {
      const list = dependents.get(before) ?? [];
      list.push(operation);
      dependents.set(before, list);
    }
  }
  const begun = new Set<OperationId>();
  /** Those that were begun or wait for a place. */
  let unended = 0;
  let halted = false;
  const { promise, resolve, reject } = Promise.withResolvers<readonly Operation[]>();

  const carryOut = async (operation: Operation): Promise<void> => {
    if (halted || signal.aborted) return;
    begun.add(operation.id);
    let isGood = false;
    try {
      isGood = await run(operation);
    } finally {
      // Known before the place is another's.
      halted ||= !isGood;
    }
    if (!isGood) return;
    for (const next of dependents.get(operation.id) ?? []) {
      const left = (open.get(next.id) ?? 0) - 1;
      open.set(next.id, left);
      if (left === 0) enter(next);
    }
  };
  const enter = (operation: Operation): void => {
    unended += 1;
    admit(operation, () => carryOut(operation)).then(() => {
      unended -= 1;
      if (unended === 0) resolve(operations.filter(({ id }) => !begun.has(id)));
    }, reject);
  };
  const first = operations.filter(({ dependsOn }) => dependsOn.length === 0);
  for (const operation of first) enter(operation);
  if (first.length === 0) resolve(operations);
  return promise;
}
