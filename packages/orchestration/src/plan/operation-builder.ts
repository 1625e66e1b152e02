import { InternalError } from '@drover/base';
import type { Impact, Operation, OperationDetails, OperationId, OperationKind } from '../model/operation.ts';

export interface OperationNotes {
  readonly target: string;
  readonly service?: string | undefined;
  readonly host?: string | undefined;
  readonly causes: readonly string[];
  readonly impact: Impact;
  readonly after?: Iterable<OperationId | undefined>;
  /** Told apart from others of the same kind and target. */
  readonly variant?: string;
}

/** Collects the operations of one plan. Ids come from kind and target, so that equal plans are equal texts. */
export class OperationBuilder {
  readonly #operations = new Map<OperationId, Operation>();
  readonly #later = new Map<OperationId, Set<OperationId>>();

  add<Kind extends OperationKind>(kind: Kind, details: OperationDetails[Kind], notes: OperationNotes): OperationId {
    const id = [kind, notes.variant, notes.target].filter((part) => part !== undefined).join(' ');
    if (this.#operations.has(id)) throw new InternalError(`planning: the operation ${id} came up twice`);
    const { target, service, host, causes, impact } = notes;
    this.#later.set(id, new Set([...(notes.after ?? [])].filter((before) => before !== undefined)));
    this.#operations.set(id, {
      id,
      kind,
      target,
      ...(service === undefined ? {} : { service }),
      ...(host === undefined ? {} : { host }),
      causes,
      impact,
      dependsOn: [],
      ...details,
    } as unknown as Operation);
    return id;
  }

  /** Takes over an operation of another plan as it is; `after` comes before it too. */
  adopt(operation: Operation, after: Iterable<OperationId | undefined> = []): void {
    if (this.#operations.has(operation.id)) {
      throw new InternalError(`planning: the operation ${operation.id} came up twice`);
    }
    const before = [...operation.dependsOn, ...after].filter((id) => id !== undefined);
    this.#later.set(operation.id, new Set(before));
    this.#operations.set(operation.id, { ...operation, dependsOn: [] });
  }

  /** Adds an order between two operations, whichever was added first. */
  order(before: OperationId | undefined, after: OperationId): void {
    if (before !== undefined && before !== after) this.#later.get(after)?.add(before);
  }

  /** The operations that nothing waits for so far: behind them lies everything. */
  leaves(): OperationId[] {
    const needed = new Set([...this.#later.values()].flatMap((before) => [...before]));
    return [...this.#operations.keys()].filter((id) => !needed.has(id));
  }

  /** All operations, each after what it depends on, otherwise in the order in which they were added. */
  finish(): Operation[] {
    const finished: Operation[] = [];
    const state = new Map<OperationId, 'open' | 'done'>();
    // An explicit stack: a chain of a thousand services is deeper than the call stack likes.
    for (const root of this.#operations.keys()) {
      const stack = [root];
      for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
        const open = [...(this.#later.get(id) ?? [])].filter((before) => state.get(before) !== 'done');
        if (state.get(id) === 'done') stack.pop();
        else if (open.length === 0) {
          const operation = this.#operations.get(id);
          if (operation === undefined) throw new InternalError(`planning: the operation ${id} does not exist`);
          finished.push({ ...operation, dependsOn: [...(this.#later.get(id) ?? [])].sort() });
          state.set(id, 'done');
          stack.pop();
        } else if (state.get(id) === 'open') {
          throw new InternalError(`planning: operations wait for each other in a circle at ${id}`);
        } else {
          state.set(id, 'open');
          stack.push(...open.reverse());
        }
      }
    }
    return finished;
  }
}
