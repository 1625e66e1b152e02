import type { OutputChunk } from '../model/stream.ts';
import { StreamFault } from './stream-fault.ts';

/** Type (1 byte), three zeros, length of the payload (4 bytes, big-endian). Engine API, "Stream format" of attach. */
const headerLength = 8;
/** The engine itself reports an error in the place of output. */
const systemError = 3;
const longestErrorText = 64 * 1024;

const streams = ['stdin', 'stdout', 'stderr'] as const;

/** A slice of a frame's payload; `ends` with the last one of its frame. */
export interface FramePiece extends OutputChunk {
  readonly ends: boolean;
}

/**
 * Takes the frames of a multiplexed stream apart. Payloads are handed on as they come, in slices of what was read, so
 * that a frame may be cut anywhere, nothing is copied and the work is linear in the bytes.
 */
export async function* decodeFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<FramePiece, void, undefined> {
  const header = Buffer.alloc(headerLength);
  let headerFilled = 0;
  let type = 0;
  let left = 0;
  const errorText = new ErrorText();
  for await (const read of source) {
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
    let at = 0;
    while (at < bytes.length) {
      if (left === 0) {
        const taken = bytes.copy(header, headerFilled, at, at + headerLength - headerFilled);
        headerFilled += taken;
        at += taken;
        if (headerFilled < headerLength) break;
        headerFilled = 0;
        type = header[0] as number;
        left = header.readUInt32BE(4);
        if (type > systemError || header[1] !== 0 || header[2] !== 0 || header[3] !== 0) {
          throw new StreamFault('protocol', 'the output is not in frames; does the container have a terminal?');
        }
        if (left === 0 && type === systemError) throw new StreamFault('server', 'the engine reports an error');
        continue;
      }
      const data = bytes.subarray(at, at + left);
      at += data.length;
      left -= data.length;
      if (type === systemError) errorText.add(data, left);
      else yield { stream: streams[type] as OutputChunk['stream'], data, ends: left === 0 };
    }
  }
  if (left > 0 || headerFilled > 0)
    throw new StreamFault('connection-lost', 'the output ended in the middle of a frame');
}

/** The text of an error frame that is being read. */
class ErrorText {
  readonly #pieces: Buffer[] = [];
  #length = 0;

  add(data: Buffer, left: number): void {
    this.#pieces.push(data);
    this.#length += data.length;
    if (left > 0 && this.#length < longestErrorText) return;
    throw new StreamFault('server', Buffer.concat(this.#pieces).toString('utf8', 0, longestErrorText).trim());
  }
}

/** The output of a terminal: bytes as they are. */
export async function* decodeRaw(source: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk, void, undefined> {
  for await (const data of source) yield { stream: 'stdout', data };
}
