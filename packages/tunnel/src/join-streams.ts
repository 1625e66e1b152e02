import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';

/** Milliseconds that an engine has to take what was sent to it, once nobody waits for its answer any more. */
const flushMs = 10_000;

/**
 * Joins a stream of the tunnel and a connection to the engine: bytes, back-pressure and ends go over in each direction by
 * itself; a broken or cancelled side ends the other at once.
 */
export function joinStreams(stream: ServerHttp2Stream, connection: Duplex): void {
  stream.pipe(connection);
  connection.pipe(stream);
  connection.once('error', () => {
    if (!stream.closed) stream.close(constants.NGHTTP2_CONNECT_ERROR);
  });
  connection.once('close', () => {
    if (stream.closed) return;
    // An end goes over behind all that was said before it. A reset would overtake it and take it along.
    if (!connection.readableEnded) stream.close(constants.NGHTTP2_CONNECT_ERROR);
    // Nobody takes what still comes, and unread it would keep the stream.
    stream.resume();
  });
  stream.once('close', () => {
    const bothEnded = !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR;
    if (!bothEnded || connection.writableFinished) {
      connection.destroy();
      return;
    }
    connection.end(() => connection.destroy());
    setTimeout(() => connection.destroy(), flushMs).unref();
  });
}
