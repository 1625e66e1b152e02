import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { Readable } from 'node:stream';
import { messageOf } from '@drover/base';
import type { TunnelAnswer, TunnelRequestOptions } from './accept-tunnel.ts';
import { largestMessage, parseMessage, readRefusal } from './messages.ts';
import { readBody } from './read-body.ts';
import type { SessionEnd } from './session-end.ts';
import { TunnelError } from './tunnel-error.ts';

const defaultTimeoutMs = 10_000;

/** Sends one request to the agent's own API and reads the whole answer. */
export async function requestOver(
  session: ClientHttp2Session,
  end: SessionEnd,
  method: string,
  path: string,
  options: TunnelRequestOptions,
): Promise<TunnelAnswer> {
  const doing = `asking the agent to ${method} ${path}`;
  const timeout = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  if (options.signal?.aborted) throw aborted(doing, options.signal);
  if (session.closed || session.destroyed) throw closed(doing, end);
  const { body, stream: source } = options;
  const stream = session.request(
    { ':method': method, ':path': path, ...options.headers },
    { endStream: body === undefined && source === undefined },
  );
  const onAbort = () => stream.close(constants.NGHTTP2_CANCEL);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const headers = responseOf(stream);
    if (source !== undefined) void pour(source, stream);
    else if (body !== undefined) stream.end(JSON.stringify(body));
    const answered = await headers;
    return {
      status: Number(answered[':status']),
      body: parseMessage(doing, await readBody(doing, stream, largestMessage)),
    };
  } catch (thrown) {
    if (options.signal?.aborted) throw aborted(doing, options.signal);
    if (timeout.aborted) throw new TunnelError('timeout', `${doing}: it did not answer in time`);
    if (thrown instanceof TunnelError) throw thrown;
    if (end.why !== undefined) throw closed(doing, end);
    throw new TunnelError('closed', `${doing}: ${messageOf(thrown)}`, { cause: thrown });
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
  }
}

/** Opens an answer that goes on; the signal ends it. */
export async function openOver(
  session: ClientHttp2Session,
  end: SessionEnd,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Readable | undefined> {
  const doing = `asking the agent for ${path}`;
  if (signal?.aborted) throw aborted(doing, signal);
  if (session.closed || session.destroyed) throw closed(doing, end);
  const stream = session.request({ ':method': 'GET', ':path': path }, { endStream: true });
  const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
  signal?.addEventListener('abort', cancel, { once: true });
  stream.once('close', () => signal?.removeEventListener('abort', cancel));
  const timer = setTimeout(cancel, defaultTimeoutMs);
  try {
    const status = Number((await responseOf(stream))[':status']);
    if (status === 200) return stream;
    const refusal = readRefusal(parseMessage(doing, await readBody(doing, stream, largestMessage)));
    if (status === 404 && refusal.reason === 'path') return undefined;
    throw new TunnelError('refused', `${doing}: ${refusal.message}`, { reason: refusal.reason });
  } catch (thrown) {
    if (!stream.closed) cancel();
    if (signal?.aborted) throw aborted(doing, signal);
    if (thrown instanceof TunnelError) throw thrown;
    if (end.why !== undefined) throw closed(doing, end);
    throw new TunnelError('timeout', `${doing}: it did not answer in time`, { cause: thrown });
  } finally {
    clearTimeout(timer);
  }
}

/** The headers once they are there; rejects when the stream ends without them. */
export function responseOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders & IncomingHttpStatusHeader> {
  return new Promise((resolve, reject) => {
    stream.once('response', resolve);
    // Stays, since a stream may fail after its answer; whoever reads it is told as well.
    stream.on('error', reject);
    stream.once('close', () => reject(new Error('the stream was closed')));
  });
}

/** The other side may answer before it has read everything; the rest is then nobody's. */
async function pour(source: AsyncIterable<Uint8Array>, stream: ClientHttp2Stream): Promise<void> {
  const reader = Readable.from(source, { objectMode: false });
  stream.once('close', () => reader.destroy());
  reader.on('error', (error) => stream.destroy(error));
  reader.pipe(stream);
}

function closed(doing: string, end: SessionEnd): TunnelError {
  return new TunnelError('closed', `${doing}: ${end.why?.message ?? 'the tunnel is closed'}`);
}

function aborted(doing: string, signal: AbortSignal): TunnelError {
  return new TunnelError('aborted', `${doing}: it was cancelled`, { cause: signal.reason });
}
