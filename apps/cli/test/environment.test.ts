import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runCommandLine } from '../src/run.ts';
import { memoryParts } from './memory-terminal.ts';

const west = {
  name: 'west',
  kind: 'engine',
  state: 'unreachable',
  reason: 'no host',
  stacks: 2,
  createdAt: '2026-01-01T00:00:00Z',
};
const answers: Readonly<Record<string, unknown>> = {
  'GET /api/environments': [{ ...west, name: 'local', state: 'connected', reason: undefined }, west],
  'POST /api/environments': west,
  'DELETE /api/environments/west': { removed: 'west' },
  'GET /api/registries': [],
  'GET /api/stacks': [],
  'GET /api/environments/west/stacks': [{ name: 'shop', state: 'running' }],
};

let home = '';
let server: Server;
let asked: string[] = [];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drover-cli-'));
  server = createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    asked.push(call);
    response.statusCode = call in answers ? 200 : 404;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(answers[call] ?? { message: 'there is no environment "east"', data: { reason: 'not-found' } }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  server.close();
  await rm(home, { recursive: true, force: true });
});

async function run(argv: readonly string[], environment: Record<string, string> = {}) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const parts = memoryParts({
    directory: home,
    home,
    environment: { DROVER_URL: url, DROVER_TOKEN: 't', DROVER_DATA: home, ...environment },
  });
  const code = await runCommandLine(argv, parts);
  return { code, stdout: parts.terminal.stdout.text, stderr: parts.terminal.stderr.text };
}

test('the environment is that of the flag, else that of DROVER_ENVIRONMENT, else the one of the server', async () => {
  await run(['ls']);
  await run(['ls'], { DROVER_ENVIRONMENT: 'west' });
  await run(['ls', '-E', 'west'], { DROVER_ENVIRONMENT: 'east' });
  await run(['--environment=west', 'ls']);
  await run(['ls'], { DROVER_ENVIRONMENT: '' });
  const inWest = 'GET /api/environments/west/stacks';
  expect(asked).toEqual(['GET /api/stacks', inWest, inWest, inWest, 'GET /api/stacks']);
});

test('what belongs to the server is asked of the server, whatever environment is named', async () => {
  await run(['-E', 'west', 'registry', 'ls']);
  await run(['-E', 'west', 'env', 'ls']);
  expect(asked).toEqual(['GET /api/registries', 'GET /api/environments']);
});

test.each([
  [['-E', 'UPPER', 'ls'], {}, '--environment: "UPPER" is no name'],
  [['-E', '../x', 'ls'], {}, '--environment: "../x" is no name'],
  [['-E', '', 'ls'], {}, '--environment: "" is no name'],
  [['ls'], { DROVER_ENVIRONMENT: 'a/b' }, 'DROVER_ENVIRONMENT: "a/b" is no name'],
] as const)('%j is wrong usage, and no server is asked', async (argv, environment, message) => {
  const { code, stderr } = await run(argv, environment);
  expect(code).toBe(64);
  expect(stderr).toContain(message);
  expect(asked).toEqual([]);
});

test('an environment that is not there is said in words', async () => {
  expect(await run(['-E', 'east', 'ls'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'drover: there is no environment "east"\n',
  });
});

test('environments are listed, made and removed', async () => {
  const { stdout } = await run(['environment', 'ls']);
  expect(stdout).toMatch(
    /^ENVIRONMENT +KIND +STATE +STACKS +MADE +REASON *\nlocal +engine +connected +2 .*\nwest +engine +unreachable +2 .*no host/,
  );
  expect(JSON.parse((await run(['env', 'ls', '--json'])).stdout)).toHaveLength(2);
  const made = await run(['env', 'create', 'west']);
  expect(made).toEqual({ code: 0, stdout: 'west\n', stderr: 'It has no host yet: drover host add -E west\n' });
  expect((await run(['env', 'rm', 'west'])).stdout).toBe('The environment west is gone.\n');
  expect(asked.slice(-2)).toEqual(['POST /api/environments', 'DELETE /api/environments/west']);
  expect((await run(['environment', 'rm'])).code).toBe(64);
});

test('completion asks the environment that stands on the line', async () => {
  const { stdout } = await run(['__complete', 'zsh', '4', '-E', 'west', '-p', '']);
  expect(stdout).toBe('none\nshop\trunning\n');
  expect((await run(['__complete', 'zsh', '2', '-E', 'w'])).stdout).toBe('none\nwest\tunreachable\n');
  expect(asked).toEqual(['GET /api/environments/west/stacks', 'GET /api/environments']);
});
