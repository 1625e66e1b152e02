import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import type { Duplex } from 'node:stream';
import { parseMessage, readRefusal } from './messages.ts';
import { dockerTarget, halfOpenHeader } from './protocol.ts';
import { readBody } from './read-body.ts';
import { responseOf } from './request-over.ts';
import type { SessionEnd } from './session-end.ts';
import { mostStreams } from './session-options.ts';
import { TunnelError } from './tunnel-error.ts';

/** Milliseconds that an agent may take to reach its engine's socket. */
const dialMs = 15_000;
const largestRefusal = 8192;

/** Streams of each session; Node would queue without end what is above the other side's limit. */
const openStreams = new WeakMap<ClientHttp2Session, number>();

/** Opens a stream that leads to the host's engine. Half-closing works both ways; destroying it ends the engine's connection. */
export async function dialOver(
  session: ClientHttp2Session,
  end: SessionEnd,
  hostname: string,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  const doing = `connecting to the engine of ${hostname}`;
  if (signal?.aborted) throw signal.reason;
  if (session.closed || session.destroyed)
    throw new TunnelError('closed', `${doing}: ${end.why?.message ?? 'the tunnel is closed'}`);
  const stream = countedStream(session, doing);
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), dialMs);
  const onAbort = () => stream.close(constants.NGHTTP2_CANCEL);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const headers = await responseOf(stream);
    if (headers[':status'] === 200) {
      if (headers[halfOpenHeader] === undefined) stream.once('end', () => stream.end());
      return stream;
    }
    throw await refusalOf(stream, doing);
  } catch (thrown) {
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
    if (signal?.aborted) throw signal.reason;
    if (thrown instanceof TunnelError) throw thrown;
    if (end.why !== undefined) throw new TunnelError('closed', `${doing}: ${end.why.message}`);
    throw new TunnelError('timeout', `${doing}: its agent did not answer`, { cause: thrown });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function countedStream(session: ClientHttp2Session, doing: string): ClientHttp2Stream {
  const open = openStreams.get(session) ?? 0;
  if (open >= mostStreams)
    throw new TunnelError('busy', `${doing}: its tunnel carries ${open} connections already, which is the limit`);
  const stream = session.request({ ':method': 'CONNECT', ':authority': dockerTarget });
  openStreams.set(session, open + 1);
  stream.once('close', () => openStreams.set(session, (openStreams.get(session) ?? 1) - 1));
  return stream;
}

async function refusalOf(stream: ClientHttp2Stream, doing: string): Promise<TunnelError> {
  stream.end();
  const { reason, message } = readRefusal(parseMessage(doing, await readBody(doing, stream, largestRefusal)));
  return new TunnelError(reason === 'unreachable' ? 'unreachable' : 'refused', `${doing}: ${message}`, { reason });
}
