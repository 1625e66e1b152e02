import type { Duplex } from 'node:stream';
import { Writable } from 'node:stream';
import type { AttachedStream } from '../model/stream.ts';
import { decodeFrames, decodeRaw } from '../stream/frames.ts';
import type { HijackedConnection } from '../transport/transport.ts';
import { guarded } from './read-answer.ts';

/** Both directions of a hijacked connection. */
export function attachedStream(
  hijacked: HijackedConnection,
  tty: boolean,
  call: { readonly doing: string; readonly signal: AbortSignal | undefined },
): AttachedStream {
  const { connection, output } = hijacked;
  // A failure is told by the output's iteration; without a listener it would end the program before.
  connection.on('error', () => {});
  output.on('error', () => {});
  return {
    tty,
    output: guarded(tty ? decodeRaw(output) : decodeFrames(output), call),
    input: inputOf(connection),
    close: () => connection.destroy(),
  };
}

/** Writes to the connection with its back-pressure; what a process that ended does not read is no error. */
function inputOf(connection: Duplex): Writable {
  const input = new Writable({
    write: (data: Uint8Array, _encoding, done) => {
      if (!connection.writable) done();
      else connection.write(data, () => done());
    },
    final: (done) => {
      if (!connection.writable) done();
      else connection.end(() => done());
    },
  });
  connection.once('close', () => input.destroy());
  return input;
}
