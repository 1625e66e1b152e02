import { Agent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { apiErrorFrom, UnreachableError } from './api-error.ts';
import { encodeCall } from './encode.ts';
import { readEventStream } from './event-stream.ts';
import { isLoopback } from './loopback.ts';

export interface Endpoint {
  /** Without a trailing slash and without `/api`. */
  readonly url: URL;
  readonly token: string | undefined;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Carries calls of the contract over Node's own HTTP client. It is oRPC's link interface, but not oRPC's fetch link: touching
 * `fetch`, `FormData` or `Blob` makes Node load 30 ms of code at every start of the command line (docs/decisions/0701-client.md).
 */
export class HttpLink {
  readonly endpoint: Endpoint;
  /** The environment that its calls speak of; `undefined` is `local`. */
  readonly environment: string | undefined;
  readonly #agent: Agent;

  private constructor(endpoint: Endpoint, environment: string | undefined, agent: Agent) {
    this.endpoint = endpoint;
    this.environment = environment;
    this.#agent = agent;
  }

  /** Connects to nothing yet. TLS is loaded only for an https address. */
  static async open(endpoint: Endpoint, environment?: string): Promise<HttpLink> {
    const options = { keepAlive: true, maxSockets: 16 };
    if (endpoint.url.protocol !== 'https:') return new HttpLink(endpoint, environment, new Agent(options));
    const https = await import('node:https');
    return new HttpLink(endpoint, environment, new https.Agent(options));
  }

  /** Calls `resource.name`; an event stream comes back as an async iterator. Throws `ApiError` or `UnreachableError`. */
  async call(path: readonly string[], input: unknown, options: CallOptions = {}): Promise<unknown> {
    const { method, path: url, scope, body } = encodeCall(path, input);
    const what = path.join('.');
    const response = await this.send(
      method,
      scope === 'environment' ? this.inEnvironment(url) : url,
      body === undefined ? {} : { 'content-type': 'application/json' },
      body,
      options.signal,
    );
    if (response.statusCode === 200 && isEventStream(response)) return readEventStream(response, what);
    const text = await readText(response);
    if ((response.statusCode ?? 500) >= 400) throw apiErrorFrom(response.statusCode ?? 500, text, what);
    try {
      return text === '' ? undefined : JSON.parse(text);
    } catch {
      throw new UnreachableError(`what answers at ${this.endpoint.url.origin} is not Drover`);
    }
  }

  /** A path of an environment's route below `/api`, in the environment of this link. */
  inEnvironment(path: string): string {
    return this.environment === undefined ? path : `/environments/${this.environment}${path}`;
  }

  /** Sends one request below `/api`. Resolves with the response once its head is there. */
  send(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    body: string | Uint8Array | NodeJS.ReadableStream | undefined,
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage> {
    const { url, token } = this.endpoint;
    return new Promise((resolve, reject) => {
      const call = httpRequest(
        {
          protocol: url.protocol,
          host: url.hostname.replace(/^\[|\]$/g, ''),
          port: url.port || (url.protocol === 'https:' ? 443 : 80),
          method,
          path: `${url.pathname.replace(/\/$/, '')}/api${path}`,
          agent: this.#agent,
          signal,
          headers: {
            accept: 'application/json, text/event-stream',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(typeof body === 'string' || body instanceof Uint8Array
              ? { 'content-length': Buffer.byteLength(body) }
              : {}),
            ...headers,
          },
        },
        resolve,
      );
      call.on('error', (error) => reject(signal?.aborted ? signal.reason : unreachable(this.endpoint, error)));
      if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) call.end(body);
      else {
        body.on('error', (error) => call.destroy(error as Error));
        body.pipe(call);
      }
    });
  }

  /** Ends idle connections, so that the process can end. */
  close(): void {
    this.#agent.destroy();
  }
}

function isEventStream(response: IncomingMessage): boolean {
  return response.headers['content-type']?.startsWith('text/event-stream') === true;
}

/** A response's whole text. */
export async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return text;
}

function unreachable({ url }: Endpoint, error: NodeJS.ErrnoException): Error {
  if (error.name === 'AbortError') return error;
  const why: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: `the name ${url.hostname} is not known`,
    EAI_AGAIN: `the name ${url.hostname} cannot be looked up`,
    ETIMEDOUT: 'no answer in time',
    ECONNRESET: 'it ended the connection',
    EHOSTUNREACH: 'there is no way to that host',
    ENETUNREACH: 'there is no way to that network',
  };
  const reason = why[error.code ?? ''] ?? error.message;
  const advice = isLoopback(url)
    ? 'Start it with npm start (or systemctl start drover), or name another with --server or DROVER_URL.'
    : 'Check the address, or name another with --server or DROVER_URL.';
  return new UnreachableError(`no Drover server answers at ${url.origin}: ${reason}. ${advice}`, { cause: error });
}
