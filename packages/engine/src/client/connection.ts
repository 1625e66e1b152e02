import type { IncomingMessage } from 'node:http';
import {
  type ApiVersion,
  compareApiVersions,
  isApiVersion,
  newestApiVersion,
  oldestApiVersion,
} from '../api-version.ts';
import type { CallOptions } from '../call-options.ts';
import { EngineError, isEngineError } from '../engine-error.ts';
import type { EnginePing } from '../model/system.ts';
import { failedCall } from '../transport/failure.ts';
import type { HijackedConnection, Transport } from '../transport/transport.ts';
import { engineAnswer } from './answer-error.ts';
import { type EngineCall, type Outgoing, outgoingOf, scopeOf } from './engine-call.ts';
import { guarded, readJson, readText } from './read-answer.ts';

/** Speaks the Engine API: one version, agreed on once; answers read, refusals turned into errors. */
export class EngineConnection {
  readonly #transport: Transport;
  readonly #pinned: ApiVersion | null;
  #negotiating: Promise<ApiVersion> | null = null;

  constructor(transport: Transport, pinned: ApiVersion | null) {
    this.#transport = transport;
    this.#pinned = pinned;
  }

  /** The version that both sides speak. The first caller's question serves all that wait for it. */
  async apiVersion(options?: CallOptions): Promise<ApiVersion> {
    if (this.#pinned !== null) return this.#pinned;
    this.#negotiating ??= this.#negotiate().catch((thrown: unknown) => {
      this.#negotiating = null;
      throw thrown;
    });
    return await unlessAborted(this.#negotiating, options);
  }

  async ping(options: CallOptions | undefined): Promise<EnginePing> {
    const outgoing = outgoingOf(
      { method: 'GET', path: '', doing: 'asking the engine for a sign of life', options },
      '/_ping',
    );
    const { headers } = await this.#answered(outgoing, async (response) => {
      await readText(response, outgoing);
      return response;
    });
    const apiVersion = String(headers['api-version'] ?? '');
    if (!isApiVersion(apiVersion)) {
      throw new EngineError({ code: 'protocol', doing: outgoing.doing, reason: 'what answers is no Docker engine' });
    }
    return {
      apiVersion,
      osType: headers.ostype === 'windows' ? 'windows' : 'linux',
      builderVersion: headers['builder-version'] === '2' ? '2' : '1',
      experimental: headers['docker-experimental'] === 'true',
      swarm: typeof headers.swarm === 'string' ? headers.swarm : null,
    };
  }

  /** The answer's JSON, or undefined where there is none. */
  async json<T>(call: EngineCall): Promise<T> {
    return await this.#versioned(call, (outgoing) =>
      this.#answered(outgoing, async (response) => {
        const text = await readText(response, outgoing);
        return (text === '' ? undefined : readJson(text, outgoing)) as T;
      }),
    );
  }

  /** Ends when the engine has answered; what it says is dropped. */
  async done(call: EngineCall): Promise<void> {
    await this.#versioned(call, (outgoing) => this.#answered(outgoing, (response) => readText(response, outgoing)));
  }

  /** The answer with its body unread; the caller reads it to its end or destroys it. */
  async open(call: EngineCall): Promise<IncomingMessage> {
    return await this.#versioned(call, (outgoing) => this.#answered(outgoing, async (response) => response));
  }

  /** What is decoded from the body of the answer, while it is read; leaving the iteration ends the connection. */
  async *stream<T>(
    call: EngineCall,
    decode: (body: AsyncIterable<Uint8Array>) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    const response = await this.open(call);
    yield* guarded(decode(response), scopeOf(call));
  }

  async hijack(call: EngineCall): Promise<HijackedConnection> {
    return await this.#versioned(call, async (outgoing) => {
      const answer = await this.#transport.hijack(outgoing);
      if (answer.type === 'hijacked') return answer.hijacked;
      throw engineAnswer(answer.response, await readText(answer.response, outgoing), outgoing);
    });
  }

  close(): void {
    this.#transport.close();
  }

  async #negotiate(): Promise<ApiVersion> {
    const { apiVersion } = await this.ping({ doing: 'asking the engine for its version' });
    if (compareApiVersions(apiVersion, oldestApiVersion) < 0) {
      throw new EngineError({
        code: 'unsupported',
        doing: 'asking the engine for its version',
        reason: `it speaks API ${apiVersion}, and Drover needs ${oldestApiVersion} (Docker Engine 20.10) or newer`,
      });
    }
    return compareApiVersions(apiVersion, newestApiVersion) > 0 ? newestApiVersion : apiVersion;
  }

  /** Sends a call in the version agreed on, and in a new one where the engine behind the dialer was exchanged meanwhile. */
  async #versioned<T>(call: EngineCall, send: (outgoing: Outgoing) => Promise<T>): Promise<T> {
    const version = await this.apiVersion(scopeOf(call));
    try {
      return await send(outgoingOf(call, `/v${version}${call.path}`));
    } catch (thrown) {
      const isOnceOnly = call.body !== undefined && !(call.body.bytes instanceof Uint8Array);
      if (!isVersionRefusal(thrown) || isOnceOnly || this.#pinned !== null) throw thrown;
      this.#negotiating = null;
      return await send(outgoingOf(call, `/v${await this.apiVersion(scopeOf(call))}${call.path}`));
    }
  }

  async #answered<T>(outgoing: Outgoing, read: (response: IncomingMessage) => Promise<T>): Promise<T> {
    const response = await this.#transport.send(outgoing);
    const status = response.statusCode ?? 0;
    if ((status >= 200 && status < 300) || status === 304) return await read(response);
    throw engineAnswer(response, await readText(response, outgoing), outgoing);
  }
}

/** The daemon's refusal of the version in the path; it has not looked at the request itself. */
function isVersionRefusal(thrown: unknown): boolean {
  return isEngineError(thrown, 'bad-request') && /^client version \S+ is too (old|new)/.test(thrown.reason);
}

async function unlessAborted<T>(work: Promise<T>, options: CallOptions | undefined): Promise<T> {
  const signal = options?.signal;
  if (signal === undefined) return await work;
  const call = { doing: options?.doing ?? 'asking the engine for its version', signal };
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(failedCall(signal.reason, call));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
