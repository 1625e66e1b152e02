import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';

/** Milliseconds that an engine has to take what was sent to it, once nobody waits for its answer any more. */
const flushMs = 10_000;

/**
 * Bytes that may wait in one direction. `pipe` stops at every block, so that each is framed, encrypted and sent by itself;
 * this many go out in one.
 */
const mostQueued = 256 * 1024;

/**
 * Joins a stream of the tunnel and a connection to the engine: bytes, back-pressure and ends go over in each direction by
 * itself; a broken or cancelled side ends the other at once.
 */
export function joinStreams(stream: ServerHttp2Stream, connection: Duplex): void {
  pour(stream, connection);
  pour(connection, stream);
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

function pour(from: Duplex, to: Duplex): void {
  from.on('data', (block: Buffer) => {
    if (to.destroyed || to.writableEnded) return;
    if (!to.write(block) && to.writableLength >= mostQueued) from.pause();
  });
  to.on('drain', () => from.resume());
  from.once('end', () => to.end());
}
