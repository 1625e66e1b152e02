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
  /** Milliseconds for which a call waits for the managers to elect a leader; default 45 000: one takes 10 to 20 s, and may fail once. */
  readonly electionMs?: number;
  /** Milliseconds within which a manager with a leader answers a `quick` read; default 5 000. One without takes 20 s to say so. */
  readonly quickMs?: number;
  /** Milliseconds between two rounds of asking; default 250. */
  readonly pauseMs?: number;
}

/** A `write` is sent again only where it is certain that it was not carried out. A `quick` read is one of the Swarm's own state. */
export type CallKind = 'quick' | 'read' | 'write';

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
 * INVARIANTS: the manager that answered last is asked first, until the source names another one as the best: a leader answers by itself
 * what costs twice as much through another manager. A write goes to another manager only after a refusal that says that it was not
 * carried out; no call goes on for longer than `electionMs` after its first refusal, the one under way aside.
 */
export class Failover {
  readonly #source: ManagerSource;
  readonly #electionMs: number;
  readonly #pauseMs: number;
  readonly #quickMs: number;
  /** The manager that answered last, and the best by the source when it was asked. */
  #last: { readonly id: string; readonly best: string | undefined } | undefined;

  constructor(source: ManagerSource, { electionMs = 45_000, pauseMs = 250, quickMs = 5_000 }: FailoverOptions = {}) {
    this.#source = source;
    this.#electionMs = electionMs;
    this.#pauseMs = pauseMs;
    this.#quickMs = quickMs;
  }

  /** The manager that the next call begins with. Throws `unreachable` where there is none. */
  get first(): Manager {
    const [first] = this.#inOrder().managers;
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
      const { managers, best } = this.#inOrder();
      for (const { id, engine } of managers) {
        try {
          const result = await (kind === 'quick' ? this.#soon(call(engine)) : call(engine));
          this.#last = { id, best };
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

  /** Gives a call up that is not answered soon; it ends by itself, since the engine gives up too. */
  async #soon<Result>(call: Promise<Result>): Promise<Result> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const reason = `a manager does not answer within ${this.#quickMs} ms`;
    const timer = setTimeout(
      () => reject(new EngineError({ code: 'no-leader', doing: 'asking the Swarm', reason })),
      this.#quickMs,
    );
    try {
      return await Promise.race([call, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #inOrder(): { readonly managers: readonly Manager[]; readonly best: string | undefined } {
    const managers = this.#source();
    const best = managers[0]?.id;
    const last = this.#last?.best === best ? this.#last?.id : undefined;
    const isLast = ({ id }: Manager): boolean => id === last;
    return { best, managers: [...managers.filter(isLast), ...managers.filter((manager) => !isLast(manager))] };
  }
}

function mayGoOn(thrown: unknown, kind: CallKind): boolean {
  if (!(thrown instanceof EngineError)) return false;
  if (untouched.has(thrown.code)) return true;
  return kind !== 'write' && (thrown.code === 'connection-lost' || isLeaderless(thrown));
}

function noManager(doing: string): EngineError {
  return new EngineError({ code: 'unreachable', doing, reason: 'no manager of the Swarm can be reached' });
}
