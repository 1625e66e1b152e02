import type { OutputChunk } from '@drover/engine';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeFrames } from '../../src/stream/frames.ts';
import { frame } from '../transport/test-server.ts';

async function decode(chunks: Iterable<Uint8Array>): Promise<{ stream: string; text: string }[]> {
  const joined: { stream: string; text: string }[] = [];
  for await (const { stream, data } of decodeFrames(toAsync(chunks)) as AsyncIterable<OutputChunk>) {
    const last = joined.at(-1);
    const text = Buffer.from(data).toString('latin1');
    if (last?.stream === stream) last.text += text;
    else joined.push({ stream, text });
  }
  return joined;
}

async function* toAsync<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  pieces.push(bytes.subarray(at));
  return pieces;
}

it('decodes any frames, cut anywhere', async () => {
  const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(frames, fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), async (written, lengths) => {
      const bytes = Buffer.concat(written.map(([type, payload]) => frame(type, payload)));
      const wanted: { stream: string; text: string }[] = [];
      for (const [type, payload] of written) {
        if (payload.length === 0) continue;
        const stream = ['stdin', 'stdout', 'stderr'][type] as string;
        const text = Buffer.from(payload).toString('latin1');
        const last = wanted.at(-1);
        if (last?.stream === stream) last.text += text;
        else wanted.push({ stream, text });
      }
      expect(await decode(cut(bytes, lengths))).toEqual(wanted);
    }),
  );
});

it('is linear in the bytes, for many small frames in one read and for one frame in many reads', async () => {
  const work = async (chunks: Uint8Array[]) => {
    const before = process.cpuUsage();
    for await (const _ of decodeFrames(toAsync(chunks)));
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const small = (count: number) => [Buffer.concat(Array.from({ length: count }, () => frame(1, 'line\n')))];
  const bytewise = (count: number) =>
    cut(
      frame(1, 'x'.repeat(count)),
      Array.from({ length: count }, () => 1),
    );
  for (const make of [small, bytewise]) {
    await work(make(10_000));
    const [less, more] = [make(4_000), make(40_000)];
    // The least of several is what the work takes; whatever else the machine does only adds to it.
    const taken: { readonly less: number; readonly more: number }[] = [];
    for (let turn = 0; turn < 5; turn += 1) taken.push({ less: await work(less), more: await work(more) });
    const once = Math.min(...taken.map((each) => each.less));
    // Ten times the bytes would be a hundred times the work for a decoder that copies the rest at every frame.
    expect(Math.min(...taken.map((each) => each.more))).toBeLessThan(Math.max(once, 1_000) * 35);
  }
});

it('throws what the engine reports as a system error', async () => {
  const bytes = Buffer.concat([frame(1, 'before'), frame(3, 'the log driver broke')]);
  await expect(decode(cut(bytes, [3, 9, 4, 7]))).rejects.toMatchObject({
    code: 'server',
    message: 'the log driver broke',
  });
});

it('throws for what is not framed, and for an end inside a frame', async () => {
  await expect(decode([Buffer.from('plain text of a terminal')])).rejects.toMatchObject({ code: 'protocol' });
  await expect(decode([frame(4, 'x')])).rejects.toMatchObject({ code: 'protocol' });
  await expect(decode([frame(1, 'whole'), frame(1, 'half').subarray(0, 9)])).rejects.toMatchObject({
    code: 'connection-lost',
  });
  await expect(decode([frame(1, 'whole'), Buffer.of(1, 0, 0)])).rejects.toMatchObject({ code: 'connection-lost' });
});
