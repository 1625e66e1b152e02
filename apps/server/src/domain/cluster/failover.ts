import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, EngineError, type EngineErrorCode } from '@drover/engine';
import { isLeaderless } from '@drover/orchestration';

export interface Manager {
  readonly id: string;
  readonly engine: Engine;
}

/** Managers to ask, best first; read anew for every call. */
export type ManagerSource = () => readonly Manager[];

export interface FailoverOptions {
  /** Milliseconds for which a call waits for the managers to elect a leader; default 25 000, more than an election takes. */
  readonly electionMs?: number;
  /** Milliseconds between two rounds of asking; default 250. */
  readonly pauseMs?: number;
}

/** A `write` is sent again only where it is certain that it was not carried out. */
export type CallKind = 'read' | 'write';

/** Refusals that say that nothing was carried out, and that another manager, or the same one later, may do it. */
const untouched: ReadonlySet<EngineErrorCode> = new Set([
  'unreachable',
  'not-a-manager',
  'not-in-swarm',
  'swarm-locked',
  'no-leader',
]);

/**
 * Chooses which manager a call goes to.
 *
 * INVARIANTS: the manager that answered last is asked first; a write goes to another manager only after a refusal that says that it
 * was not carried out; no call goes on for longer than `electionMs` after its first refusal, the one under way aside.
 */
export class Failover {
  readonly #source: ManagerSource;
  readonly #electionMs: number;
  readonly #pauseMs: number;
  #current: string | undefined;

  constructor(source: ManagerSource, { electionMs = 25_000, pauseMs = 250 }: FailoverOptions = {}) {
    this.#source = source;
    this.#electionMs = electionMs;
    this.#pauseMs = pauseMs;
  }

  /** The manager that the next call begins with. Throws `unreachable` where there is none. */
  get first(): Manager {
    const [first] = this.#inOrder();
    if (first === undefined) throw noManager('asking the Swarm');
    return first;
  }

  async call<Result>(
    kind: CallKind,
    signal: AbortSignal | undefined,
    call: (engine: Engine) => Promise<Result>,
  ): Promise<Result> {
    const until = performance.now() + this.#electionMs;
    for (;;) {
      let refusal: unknown = noManager('asking the Swarm');
      for (const { id, engine } of this.#inOrder()) {
        try {
          const result = await call(engine);
          this.#current = id;
          return result;
        } catch (thrown) {
          if (signal?.aborted === true || !mayGoOn(thrown, kind)) throw thrown;
          refusal = thrown;
        }
      }
      if (
        performance.now() + this.#pauseMs > until ||
        !(refusal instanceof EngineError) ||
        !untouched.has(refusal.code)
      )
        throw refusal;
      await sleep(this.#pauseMs, undefined, signal === undefined ? {} : { signal });
    }
  }

  #inOrder(): readonly Manager[] {
    const managers = this.#source();
    const current = managers.filter(({ id }) => id === this.#current);
    return [...current, ...managers.filter(({ id }) => id !== this.#current)];
  }
}

function mayGoOn(thrown: unknown, kind: CallKind): boolean {
  if (!(thrown instanceof EngineError)) return false;
  if (untouched.has(thrown.code)) return true;
  return kind === 'read' && (thrown.code === 'connection-lost' || isLeaderless(thrown));
}

function noManager(doing: string): EngineError {
  return new EngineError({ code: 'unreachable', doing, reason: 'no manager of the Swarm can be reached' });
}
