import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeJsonLines, decodeLines } from '../../src/stream/json-lines.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function drain<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

it('reads any values, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 10 }),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom('\n', '\r\n', '\n\n'),
      async (values, size, end) => {
        const text = values.map((value) => JSON.stringify(value) + end).join('');
        expect(await drain(decodeJsonLines(inPieces(Buffer.from(text), size)))).toEqual(
          JSON.parse(`[${values.map((value) => JSON.stringify(value)).join()}]`),
        );
      },
    ),
  );
});

it('reads a long line in many pieces in linear time', async () => {
  const before = process.cpuUsage();
  const [line] = await drain(decodeLines(inPieces(Buffer.from(`"${'x'.repeat(8_000_000)}"`), 1000)));
  expect(line).toHaveLength(8_000_002);
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
}, 20_000);

it('refuses a line without an end', async () => {
  const endless = (async function* () {
    for (;;) yield Buffer.alloc(1024 * 1024, 'x');
  })();
  await expect(drain(decodeLines(endless))).rejects.toMatchObject({ code: 'protocol' });
  await expect(drain(decodeJsonLines(inPieces(Buffer.from('{"a":1}\nnot json\n'), 3)))).rejects.toMatchObject({
    code: 'protocol',
  });
});
