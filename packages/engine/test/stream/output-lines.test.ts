import { type OutputChunk, type OutputLine, type OutputLineOptions, readOutputLines } from '@drover/engine';
import fc from 'fast-check';
import { expect, it } from 'vitest';

async function read(
  chunks: readonly (readonly [OutputChunk['stream'], string | Uint8Array])[],
  options?: OutputLineOptions,
): Promise<OutputLine[]> {
  const source = (async function* (): AsyncGenerator<OutputChunk> {
    for (const [stream, data] of chunks) yield { stream, data: Buffer.from(data) };
  })();
  const lines: OutputLine[] = [];
  for await (const line of readOutputLines(source, options)) lines.push(line);
  return lines;
}

it('keeps the streams apart and hands the last line on without its end', async () => {
  const lines = await read([
    ['stdout', 'one\ntw'],
    ['stderr', 'err'],
    ['stdout', 'o\r\n'],
    ['stderr', 'or\n\nlast'],
  ]);
  expect(lines.map(({ stream, text }) => `${stream} ${text}`)).toEqual([
    'stdout one',
    'stdout two',
    'stderr error',
    'stderr ',
    'stderr last',
  ]);
});

it('takes times off, and only times', async () => {
  const stamped = '2026-01-02T03:04:05.123456789Z hello world\nno time here\n';
  expect(await read([['stdout', stamped]], { timestamps: true })).toEqual([
    { stream: 'stdout', text: 'hello world', time: '2026-01-02T03:04:05.123456789Z' },
    { stream: 'stdout', text: 'no time here', time: null },
  ]);
  expect((await read([['stdout', stamped]]))[0]?.text).toMatch(/^2026/);
});

it('gives the same lines however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 12 })),
      fc.integer({ min: 1, max: 9 }),
      async (words, size) => {
        const wanted = words.map((word) => word.replace(/[\r\n]/g, ''));
        const bytes = Buffer.from(wanted.map((line) => `${line}\n`).join(''));
        const pieces: ['stdout', Uint8Array][] = [];
        for (let at = 0; at < bytes.length; at += size) pieces.push(['stdout', bytes.subarray(at, at + size)]);
        expect((await read(pieces)).map((line) => line.text)).toEqual(wanted);
      },
    ),
  );
});

it('does not wait forever for the end of a line', async () => {
  const lines = await read(Array.from({ length: 30 }, () => ['stdout', 'x'.repeat(10_000)] as const));
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.map((line) => line.text).join('')).toHaveLength(300_000);
});
