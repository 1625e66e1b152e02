import { setTimeout as delay } from 'node:timers/promises';
import type { Engine, TerminalSize } from '@drover/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openExec } from '../src/domain/container/terminal.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
let container: string;
beforeAll(async () => {
  stage = await openStage();
  stage.engine.control.addImage('tool:1', { config: { Cmd: ['run'] } });
  const { Id } = await stage.engine.containers.create({ Image: 'tool:1' }, { name: 'tool' });
  await stage.engine.containers.start(Id);
  container = Id;
});
afterAll(() => stage.stop());

interface Session {
  readonly stdout: string;
  readonly stderr: string;
  readonly last: unknown;
  readonly code: number;
  readonly reason: string;
}

/** Connects, sends the frames one after the other, and collects what comes until the end. */
function connect(
  path: string,
  frames: readonly (string | Buffer)[],
  options: { readonly headers?: Record<string, string> } = {},
): Promise<Session> {
  const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/api${path}`, { headers: options.headers ?? {} });
  const out: Record<number, string> = { 1: '', 2: '' };
  let last: unknown;
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      for (const frame of frames) socket.send(frame);
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) out[data[0] ?? 0] += data.subarray(1).toString();
      else last = JSON.parse(data.toString());
    });
    socket.on('close', (code, reason) =>
      resolve({ stdout: out[1] ?? '', stderr: out[2] ?? '', last, code, reason: reason.toString() }),
    );
    socket.on('error', reject);
  });
}

const ticket = async (purpose: 'exec' | 'attach', id: string) =>
  (await stage.client.session.ticket({ purpose, container: id })).ticket;
const start = (value: object) => JSON.stringify(value);

test('a command runs, and its output and exit code come back', async () => {
  const session = await connect(`/containers/tool/exec?ticket=${await ticket('exec', 'tool')}`, [
    start({ command: ['echo', 'hello'] }),
  ]);
  expect(session).toMatchObject({ stdout: 'hello\n', last: { type: 'exit', exitCode: 0 }, code: 1000 });
});

test('input goes in until it is ended', async () => {
  const session = await connect(`/containers/tool/exec?ticket=${await ticket('exec', 'tool')}`, [
    start({ command: ['cat'], interactive: true }),
    Buffer.from('one\n'),
    Buffer.from('two\n'),
    start({ type: 'end-of-input' }),
  ]);
  expect(session).toMatchObject({ stdout: 'one\ntwo\n', last: { type: 'exit', exitCode: 0 } });
});

test('sizes are set one after the other, and of those that wait only the last', async () => {
  const { exec } = stage.engine;
  const set: string[] = [];
  const slowThenFast = async (_id: unknown, { columns, rows }: TerminalSize) => {
    await delay(set.length === 0 ? 50 : 0);
    set.push(`${columns}x${rows}`);
  };
  const engine = { ...stage.engine, exec: { ...exec, resize: slowThenFast } } as Engine;
  const given = { command: ['cat'], interactive: true, tty: true };
  const terminal = await openExec(engine, container, given, new AbortController().signal);
  const sizes = [
    [71, 30],
    [71, 25],
    [71, 19],
  ] as const;
  await Promise.all(sizes.map(([columns, rows]) => terminal.resize(columns, rows)));
  expect(set).toEqual(['71x30', '71x19']);
  await terminal.resize(80, 24);
  expect(set.at(-1)).toBe('80x24');
  terminal.close();
});

test('a ticket is good once', async () => {
  const used = await ticket('exec', 'tool');
  await connect(`/containers/tool/exec?ticket=${used}`, [start({ command: ['echo'] })]);
  expect(await connect(`/containers/tool/exec?ticket=${used}`, [])).toMatchObject({
    code: 1008,
    reason: expect.stringContaining('the ticket is not good'),
  });
});

test.each([
  ['without a ticket', async () => '/containers/tool/exec'],
  ['with a token as ticket', async () => `/containers/tool/exec?ticket=${stage.token}`],
  ['for another container', async () => `/containers/tool/exec?ticket=${await ticket('exec', 'other')}`],
  ['for another purpose', async () => `/containers/tool/exec?ticket=${await ticket('attach', 'tool')}`],
  ['at an address that is none', async () => `/containers/tool/shell?ticket=${await ticket('exec', 'tool')}`],
])('a WebSocket %s is refused before anything runs', async (_, path) => {
  stage.engine.control.clearCalls();
  expect(await connect(await path(), [start({ command: ['echo', 'in'] })])).toMatchObject({ code: 1008, stdout: '' });
  expect(stage.engine.control.calls.filter(({ name }) => name.startsWith('exec.'))).toEqual([]);
});

test('a WebSocket from a page of another origin is refused, and its ticket stays unused', async () => {
  const path = `/containers/tool/exec?ticket=${await ticket('exec', 'tool')}`;
  await expect(connect(path, [], { headers: { origin: 'http://evil.example' } })).rejects.toThrow('403');
  expect(await connect(path, [start({ command: ['echo', 'x'] })])).toMatchObject({ stdout: 'x\n' });
});

test('a ticket of a session that has ended is worth nothing', async () => {
  const { url } = await stage.client.session.link();
  const { token } = await stage.client.session.exchange({ code: url.slice(url.lastIndexOf('/') + 1) });
  const browser = stage.clientWith(token);
  const { ticket: mine } = await browser.session.ticket({ purpose: 'exec', container: 'tool' });
  await browser.session.end();
  expect(await connect(`/containers/tool/exec?ticket=${mine}`, [])).toMatchObject({ code: 1008 });
});

test.each([
  ['a binary frame first', Buffer.from('x')],
  ['no JSON', 'hello'],
  ['a wrong type', '{"command":"echo"}'],
])('%s ends with a sentence', async (_, frame) => {
  const session = await connect(`/containers/tool/exec?ticket=${await ticket('exec', 'tool')}`, [frame]);
  expect(session.last).toEqual({ type: 'error', message: expect.stringContaining('the first frame') });
});

test('what the engine refuses is told', async () => {
  const session = await connect(`/containers/nobody/exec?ticket=${await ticket('exec', 'nobody')}`, [
    start({ command: ['echo'] }),
  ]);
  expect(session.last).toMatchObject({ type: 'error', message: expect.stringMatching(/nobody/) });
});

test('attaching starts a container that was made for it and tells its end', async () => {
  const { Id } = await stage.engine.containers.create(
    { Image: 'tool:1', Cmd: ['echo', 'from the start'], OpenStdin: true },
    { name: 'once' },
  );
  const session = await connect(`/containers/${Id}/attach?ticket=${await ticket('attach', Id)}`, [start({})]);
  expect(session).toMatchObject({ stdout: 'from the start\n', last: { type: 'exit', exitCode: 0 } });
  expect(container).not.toBe(Id);
});
