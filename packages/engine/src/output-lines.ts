import { StringDecoder } from 'node:string_decoder';
import type { OutputChunk } from './model/stream.ts';

/** One line of a container's output, without its end. */
export interface OutputLine {
  readonly stream: OutputChunk['stream'];
  readonly text: string;
  /** RFC 3339 with nanoseconds where the log was asked for with timestamps, else null. */
  readonly time: string | null;
}

export interface OutputLineOptions {
  /** The log was asked for with `timestamps`. */
  readonly timestamps?: boolean;
}

/** Characters after which a line without an end is handed on in parts. */
const longestLine = 64 * 1024;

/** Puts output together to lines, each stream's on its own; characters that were cut stay whole. */
export async function* readOutputLines(
  chunks: AsyncIterable<OutputChunk>,
  options: OutputLineOptions = {},
): AsyncGenerator<OutputLine, void, undefined> {
  const streams = new Map<OutputChunk['stream'], LineBuffer>();
  for await (const { stream, data } of chunks) {
    const buffer = streams.get(stream) ?? new LineBuffer();
    streams.set(stream, buffer);
    for (const text of buffer.add(data)) yield toLine(stream, text, options);
  }
  for (const [stream, buffer] of streams) for (const text of buffer.rest()) yield toLine(stream, text, options);
}

function toLine(stream: OutputChunk['stream'], text: string, { timestamps }: OutputLineOptions): OutputLine {
  const space = timestamps === true ? text.indexOf(' ') : -1;
  const time = space < 0 ? '' : text.slice(0, space);
  if (!/^\d{4}-\d\d-\d\dT/.test(time)) return { stream, text, time: null };
  return { stream, text: text.slice(space + 1), time };
}

class LineBuffer {
  readonly #decoder = new StringDecoder('utf8');
  #pieces: string[] = [];
  #length = 0;

  *add(data: Uint8Array): Generator<string, void, undefined> {
    const text = this.#decoder.write(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#pieces.push(text.slice(from, end));
      from = end + 1;
      yield this.#take();
    }
    if (from < text.length) {
      this.#pieces.push(text.slice(from));
      this.#length += text.length - from;
    }
    if (this.#length > longestLine) yield this.#take();
  }

  *rest(): Generator<string, void, undefined> {
    this.#pieces.push(this.#decoder.end());
    const text = this.#take();
    if (text !== '') yield text;
  }

  #take(): string {
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#length = 0;
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }
}
