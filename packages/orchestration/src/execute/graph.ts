import type { Operation, OperationId } from '../model/operation.ts';

export interface GraphRequest {
  readonly operations: readonly Operation[];
  /** Operations at once; those of which `waits` is true take no place. */
  readonly parallel: number;
  readonly waits: (operation: Operation) => boolean;
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
  const { operations, parallel, waits, run, signal } = request;
  const open = new Map<OperationId, number>(operations.map(({ id, dependsOn }) => [id, dependsOn.length]));
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const dependents = new Map<OperationId, OperationId[]>();
  for (const { id, dependsOn } of operations) {
    for (const before of dependsOn) {
      const list = dependents.get(before) ?? [];
      list.push(id);
      dependents.set(before, list);
    }
  }
  const ready: Operation[] = operations.filter(({ dependsOn }) => dependsOn.length === 0);
  const begun = new Set<OperationId>();
  let head = 0;
  let running = 0;
  let places = parallel;
  let halted = false;
  const { promise, resolve, reject } = Promise.withResolvers<readonly Operation[]>();

  const finish = (operation: Operation, good: boolean): void => {
    running -= 1;
    if (!waits(operation)) places += 1;
    if (!good) halted = true;
    for (const id of good ? (dependents.get(operation.id) ?? []) : []) {
      const left = (open.get(id) ?? 0) - 1;
      open.set(id, left);
      const next = byId.get(id);
      if (left === 0 && next !== undefined) ready.push(next);
    }
    advance();
  };
  const begin = (operation: Operation): void => {
    begun.add(operation.id);
    running += 1;
    if (!waits(operation)) places -= 1;
    run(operation).then(
      (good) => finish(operation, good),
      (thrown: unknown) => {
        halted = true;
        reject(thrown);
      },
    );
  };
  // Waits are begun at once; a call that finds no place keeps its turn.
  const queued: Operation[] = [];
  const advance = (): void => {
    if (!halted && !signal.aborted) {
      for (; head < ready.length; head += 1) {
        const operation = ready[head] as Operation;
        if (waits(operation)) begin(operation);
        else queued.push(operation);
      }
      while (places > 0 && queued.length > 0) begin(queued.shift() as Operation);
    }
    if (running === 0) resolve(operations.filter(({ id }) => !begun.has(id)));
  };
  advance();
  return promise;
}
