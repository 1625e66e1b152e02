import { expect, it } from 'vitest';
import type { TaskOutputLine } from '../../src/model/task.ts';
import { decodeTaskLines, decodeTaskMessages } from '../../src/stream/task-output.ts';
import { frame } from '../transport/test-server.ts';

const time = '2026-01-02T03:04:05.000000006Z';

function details(task: string): string {
  return `label=a%2Cb%3Dc,com.docker.swarm.node.id=node1,com.docker.swarm.service.id=service1,com.docker.swarm.task.id=${task}`;
}

function message(task: string, text: string, type = 1): Buffer {
  return frame(type, `${time} ${details(task)} ${text}`);
}

async function* cut(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function all(lines: AsyncIterable<TaskOutputLine>): Promise<readonly TaskOutputLine[]> {
  const read: TaskOutputLine[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

it.each([1, 7, 100_000])('reads lines with their task, cut every %i bytes', async (length) => {
  const bytes = Buffer.concat([message('t1', 'hello  world \n'), message('t2', '\r\n', 2), message('t1', '\n')]);
  expect(await all(decodeTaskMessages(cut(bytes, length)))).toEqual([
    { stream: 'stdout', text: 'hello  world ', time, nodeId: 'node1', serviceId: 'service1', taskId: 't1' },
    { stream: 'stderr', text: '', time, nodeId: 'node1', serviceId: 'service1', taskId: 't2' },
    { stream: 'stdout', text: '', time, nodeId: 'node1', serviceId: 'service1', taskId: 't1' },
  ]);
});

it('puts the parts of a long line together, each with a time and details of its own, across tasks and characters', async () => {
  const euro = Buffer.from('€\n');
  const part = (task: string, bytes: Buffer) =>
    frame(1, Buffer.concat([Buffer.from(`${time} ${details(task)} `), bytes]));
  const bytes = Buffer.concat([
    part('t1', Buffer.concat([Buffer.from('price '), euro.subarray(0, 1)])),
    message('t2', 'between\n'),
    part('t1', euro.subarray(1)),
    message('t2', 'no end'),
  ]);
  expect((await all(decodeTaskMessages(cut(bytes, 11)))).map(({ taskId, text }) => [taskId, text])).toEqual([
    ['t2', 'between'],
    ['t1', 'price €'],
    ['t2', 'no end'],
  ]);
});

it('hands on a line without an end in parts, so that it does not grow without bound', async () => {
  const bytes = Buffer.concat(Array.from({ length: 12 }, () => message('t1', 'x'.repeat(16 * 1024))));
  const lines = await all(decodeTaskMessages(cut(bytes, 5000)));
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.map(({ text }) => text).join('')).toHaveLength(12 * 16 * 1024);
});

it('reads the lines of terminals, which come without frames', async () => {
  const bytes = Buffer.from(`${time} ${details('t1')} one\r\n${time} ${details('t2')} \r\n`);
  expect((await all(decodeTaskLines(cut(bytes, 9)))).map(({ taskId, text }) => [taskId, text])).toEqual([
    ['t1', 'one'],
    ['t2', ''],
  ]);
});

it('throws for a line that does not say whose it is', async () => {
  await expect(all(decodeTaskMessages(cut(frame(1, `${time} plain text\n`), 100)))).rejects.toMatchObject({
    code: 'protocol',
  });
  await expect(all(decodeTaskMessages(cut(frame(1, 'x'.repeat(2 * 1024 * 1024)), 100_000)))).rejects.toMatchObject({
    code: 'protocol',
  });
});
