import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import {
  type ApiVersion,
  compareApiVersions,
  isApiVersion,
  newestApiVersion,
  oldestApiVersion,
} from '../api-version.ts';
import type { CallOptions, Filters } from '../call-options.ts';
import { EngineError } from '../engine-error.ts';
import type { ByteSource } from '../model/stream.ts';
import type { EnginePing } from '../model/system.ts';
import { parseJson } from '../stream/json-lines.ts';
import { StreamFault } from '../stream/stream-fault.ts';
import { failedCall } from '../transport/failure.ts';
import type { HijackedConnection, OutgoingRequest, Transport } from '../transport/transport.ts';
import { engineAnswer } from './answer-error.ts';

/** Values of a query; what is undefined is left out, `true` is 1 and `false` 0. */
export type Query = { readonly [name: string]: string | number | boolean | readonly string[] | undefined };

/** One call of the Engine API, before the version is in its path. */
export interface EngineCall {
  readonly method: OutgoingRequest['method'];
  /** After the version: `/containers/json`. */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: { readonly type: string; readonly bytes: ByteSource };
  /** The engine asks a registry for this, and reports its refusals as failures of its own. */
  readonly asksRegistry?: boolean;
  /** What is being done, unless the caller says better. */
  readonly doing: string;
  readonly options: CallOptions | undefined;
}

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
    const outgoing = await this.#versioned(call);
    return await this.#answered(outgoing, async (response) => {
      const text = await readText(response, outgoing);
      return (text === '' ? undefined : parsed(text, outgoing)) as T;
    });
  }

  /** Ends when the engine has answered; what it says is dropped. */
  async done(call: EngineCall): Promise<void> {
    const outgoing = await this.#versioned(call);
    await this.#answered(outgoing, (response) => readText(response, outgoing));
  }

  /** The answer with its body unread; the caller reads it to its end or destroys it. */
  async open(call: EngineCall): Promise<IncomingMessage> {
    const outgoing = await this.#versioned(call);
    return await this.#answered(outgoing, async (response) => response);
  }

  /** What is decoded from the body of the answer, while it is read; leaving the iteration ends the connection. */
  async *stream<T>(
    call: EngineCall,
    decode: (body: AsyncIterable<Uint8Array>) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    const response = await this.open(call);
    yield* guarded(decode(response), described(call));
  }

  async hijack(call: EngineCall): Promise<HijackedConnection> {
    const outgoing = await this.#versioned(call);
    const answer = await this.#transport.hijack(outgoing);
    if (answer.type === 'hijacked') return answer.hijacked;
    throw engineAnswer(answer.response, await readText(answer.response, outgoing), outgoing);
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

  async #versioned(call: EngineCall): Promise<Outgoing> {
    return outgoingOf(call, `/v${await this.apiVersion(described(call))}${call.path}`);
  }

  async #answered<T>(outgoing: Outgoing, read: (response: IncomingMessage) => Promise<T>): Promise<T> {
    const response = await this.#transport.send(outgoing);
    const status = response.statusCode ?? 0;
    if ((status >= 200 && status < 300) || status === 304) return await read(response);
    throw engineAnswer(response, await readText(response, outgoing), outgoing);
  }
}

/** One request, and how its refusals are to be read. */
interface Outgoing extends OutgoingRequest {
  readonly asksRegistry: boolean;
}

function outgoingOf(call: EngineCall, path: string): Outgoing {
  const { doing, signal } = described(call);
  const json = call.json === undefined ? null : JSON.stringify(call.json);
  const type = json === null ? call.body?.type : 'application/json';
  return {
    method: call.method,
    path: `${path}${queryText(call.query)}`,
    headers: { ...call.headers, ...(type === undefined ? {} : { 'Content-Type': type }) },
    body: json ?? call.body?.bytes ?? null,
    signal,
    doing,
    asksRegistry: call.asksRegistry === true,
  };
}

function described({ doing, options }: EngineCall): {
  readonly doing: string;
  readonly signal: AbortSignal | undefined;
} {
  return { doing: options?.doing ?? doing, signal: options?.signal };
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    if (typeof value === 'boolean') parameters.append(name, value ? '1' : '0');
    else if (typeof value === 'object') for (const item of value) parameters.append(name, item);
    else parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Filters as the query takes them. */
export function filterText(filters: Filters | undefined): string | undefined {
  return filters === undefined || Object.keys(filters).length === 0 ? undefined : JSON.stringify(filters);
}

/** One part of a path. What would change the path's shape is no name of anything. */
export function segment(name: string, doing: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes('\0')) {
    throw new EngineError({ code: 'bad-request', doing, reason: `"${name}" is no name` });
  }
  return encodeURIComponent(name);
}

/** The name of an image in a path, where slashes belong to it. */
export function imagePath(image: string, doing: string): string {
  return image
    .split('/')
    .map((part) => segment(part, doing).replaceAll('%3A', ':').replaceAll('%40', '@'))
    .join('/');
}

async function readText(
  response: IncomingMessage,
  call: { readonly doing: string; readonly signal: AbortSignal | undefined },
): Promise<string> {
  try {
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    return Buffer.concat(parts).toString('utf8');
  } catch (thrown) {
    throw failedCall(thrown, call);
  }
}

function parsed(text: string, { doing }: OutgoingRequest): unknown {
  try {
    return parseJson(text);
  } catch (thrown) {
    throw thrown instanceof StreamFault ? faultOf(thrown, doing) : thrown;
  }
}

function faultOf(fault: StreamFault, doing: string): EngineError {
  return new EngineError({ code: fault.code, doing, reason: fault.message, cause: fault.cause });
}

/** A stream whose failures are engine errors. */
export async function* guarded<T>(
  values: AsyncIterable<T>,
  call: { readonly doing: string; readonly signal: AbortSignal | undefined },
): AsyncGenerator<T, void, undefined> {
  try {
    yield* values;
  } catch (thrown) {
    throw thrown instanceof StreamFault && !call.signal?.aborted
      ? faultOf(thrown, call.doing)
      : failedCall(thrown, call);
  }
  // An aborted connection may look like a proper end to a stream that has no length.
  if (call.signal?.aborted) throw failedCall(call.signal.reason, call);
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
