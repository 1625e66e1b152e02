import type { OutputChunk } from '@drover/engine';

/** A line of a container's output, without its newline. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** A longer line is cut into pieces of this many bytes, so that output without newlines costs no memory. */
const longestLine = 64 * 1024;

/** Cuts output into lines, each stream for itself, in time linear to its bytes. */
export async function* splitLines(chunks: AsyncIterable<OutputChunk>): AsyncGenerator<OutputLine> {
  const pending = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const sizes = { stdout: 0, stderr: 0 };
  const take = (stream: 'stdout' | 'stderr'): OutputLine => {
    const bytes = Buffer.concat(pending[stream]);
    pending[stream] = [];
    sizes[stream] = 0;
    const end = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length;
    return { stream, text: bytes.toString('utf8', 0, end) };
  };
  for await (const chunk of chunks) {
    const stream = chunk.stream === 'stderr' ? 'stderr' : 'stdout';
    let from = 0;
    while (from < chunk.data.length) {
      const newline = chunk.data.indexOf(10, from);
      const to = Math.min(newline < 0 ? chunk.data.length : newline, from + longestLine - sizes[stream]);
      pending[stream].push(chunk.data.subarray(from, to));
      sizes[stream] += to - from;
      const complete = to === newline;
      from = complete ? to + 1 : to;
      if (complete || sizes[stream] >= longestLine) yield take(stream);
    }
  }
  for (const stream of ['stdout', 'stderr'] as const) if (sizes[stream] > 0) yield take(stream);
}

/** Takes the time off a line that the engine wrote it before. */
export function splitTime(line: string): { readonly at: string | undefined; readonly text: string } {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/.exec(line)?.[0];
  if (at === undefined) return { at: undefined, text: line };
  return { at, text: line.slice(at.length + (line[at.length] === ' ' ? 1 : 0)) };
}
