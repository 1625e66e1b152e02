import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../call-options.ts';
import type { Engine } from '../engine.ts';
import { EngineError, type EngineErrorCode } from '../engine-error.ts';
import { Refusal } from './failure.ts';

/** A call of the fake, by its place in `Engine`: `containers.start`. */
export type FakeCallName = `${Exclude<keyof Engine, 'apiVersion' | 'close'>}.${string}`;

export interface FakeCall {
  readonly name: FakeCallName;
  /** The container, image, … it is about, or empty. */
  readonly target: string;
}

export interface FakeFault {
  readonly call: FakeCallName;
  /** Only for calls about this container, image, … */
  readonly target?: string;
  /** 1 is the next call of the kind; default 1. */
  readonly nth?: number;
  readonly code: EngineErrorCode;
  readonly reason: string;
  /** Whether the call takes effect all the same, as one whose answer is lost. */
  readonly takesEffect?: boolean;
}

/** Milliseconds that calls take: of one name, or `*` for all others. */
export type FakeLatency = { readonly [name in FakeCallName | '*']?: number };

const keptCalls = 100_000;

/** The door that every call of the fake goes through: latency, faults, the lost connection and the list of calls. */
export class Gate {
  latency: FakeLatency = {};
  calls: FakeCall[] = [];
  /** Calls that are under way now, and the most there ever were. */
  inFlight = 0;
  maxInFlight = 0;
  readonly #faults: { fault: FakeFault; left: number }[] = [];
  #connection = new AbortController();

  addFault(fault: FakeFault): void {
    this.#faults.push({ fault, left: fault.nth ?? 1 });
  }

  /** Fires when the connection is lost. */
  get connectionSignal(): AbortSignal {
    return this.#connection.signal;
  }

  disconnect(): void {
    this.#connection.abort();
  }

  reconnect(): void {
    this.#connection = new AbortController();
  }

  /** Runs one call; `effect` is synchronous or ends by itself, and its refusals become engine errors. */
  async pass<T>(
    call: FakeCall,
    doing: string,
    options: CallOptions | undefined,
    effect: () => T | Promise<T>,
  ): Promise<T> {
    const described = options?.doing ?? doing;
    this.#record(call);
    this.#throwIfCut(described, options?.signal, 'unreachable');
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    try {
      const fault = this.#takeFault(call);
      await this.#delay(call, described, options?.signal);
      if (fault !== null && fault.takesEffect !== true) throw new Refusal(fault.code, fault.reason);
      const answer = await this.#whileConnected(Promise.resolve().then(effect), described, options?.signal);
      if (fault !== null) throw new Refusal(fault.code, fault.reason);
      return answer;
    } catch (thrown) {
      throw thrown instanceof Refusal ? thrown.toEngineError(described) : thrown;
    } finally {
      this.inFlight -= 1;
    }
  }

  /** What ends a stream of this call, as an engine error. */
  streamError(thrown: unknown, doing: string, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return aborted(doing, signal);
    return thrown instanceof Refusal ? thrown.toEngineError(doing) : thrown;
  }

  #record(call: FakeCall): void {
    if (this.calls.length >= keptCalls) this.calls = this.calls.slice(keptCalls / 2);
    this.calls.push(call);
  }

  #takeFault(call: FakeCall): FakeFault | null {
    for (const entry of this.#faults) {
      if (entry.fault.call !== call.name) continue;
      if (entry.fault.target !== undefined && entry.fault.target !== call.target) continue;
      entry.left -= 1;
      if (entry.left > 0) continue;
      this.#faults.splice(this.#faults.indexOf(entry), 1);
      return entry.fault;
    }
    return null;
  }

  async #delay(call: FakeCall, doing: string, signal: AbortSignal | undefined): Promise<void> {
    const milliseconds = this.latency[call.name] ?? this.latency['*'] ?? 0;
    if (milliseconds > 0) await this.#whileConnected(sleep(milliseconds), doing, signal);
  }

  async #whileConnected<T>(work: Promise<T>, doing: string, signal: AbortSignal | undefined): Promise<T> {
    const connection = this.#connection.signal;
    this.#throwIfCut(doing, signal, 'connection-lost');
    return await new Promise<T>((resolve, reject) => {
      const onAbort = () => reject(aborted(doing, signal));
      const onCut = () => reject(cut(doing, 'connection-lost'));
      signal?.addEventListener('abort', onAbort, { once: true });
      connection.addEventListener('abort', onCut, { once: true });
      work.then(resolve, reject).finally(() => {
        signal?.removeEventListener('abort', onAbort);
        connection.removeEventListener('abort', onCut);
      });
    });
  }

  #throwIfCut(doing: string, signal: AbortSignal | undefined, code: 'unreachable' | 'connection-lost'): void {
    if (signal?.aborted) throw aborted(doing, signal);
    if (this.#connection.signal.aborted) throw cut(doing, code);
  }
}

function aborted(doing: string, signal: AbortSignal | undefined): EngineError {
  return new EngineError({ code: 'aborted', doing, reason: 'it was cancelled', cause: signal?.reason });
}

function cut(doing: string, code: 'unreachable' | 'connection-lost'): EngineError {
  const reason = code === 'unreachable' ? 'the engine does not answer' : 'the connection to the engine was lost';
  return new EngineError({ code, doing, reason });
}
