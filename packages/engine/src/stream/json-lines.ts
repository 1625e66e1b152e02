import { StreamFault } from './stream-fault.ts';

/** A line longer than this is no message of an engine. */
const longestLine = 32 * 1024 * 1024;
const newline = 0x0a;

/** The text of each line that is not blank, cut on bytes, so that a character split over two reads stays whole. */
export async function* decodeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const read of source) {
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      pieces.push(bytes.subarray(from, end));
      from = end + 1;
      const line = textOf(pieces);
      pieces = [];
      length = 0;
      if (line !== '') yield line;
    }
    if (from === bytes.length) continue;
    pieces.push(bytes.subarray(from));
    length += bytes.length - from;
    if (length > longestLine) throw new StreamFault('protocol', 'a line of the answer is longer than 32 MiB');
  }
  const rest = textOf(pieces);
  if (rest !== '') yield rest;
}

/** Each line read as JSON. */
export async function* decodeJsonLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  for await (const line of decodeLines(source)) yield parseJson(line);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new StreamFault('protocol', `the answer is not JSON: ${text.slice(0, 80)}`), { cause });
  }
}

function textOf(pieces: readonly Buffer[]): string {
  return (pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)).toString('utf8').trim();
}
