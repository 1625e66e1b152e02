import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from '../src/run.ts';
import { version } from '../src/version.ts';
import { memoryParts } from './memory-terminal.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drover-run-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Where nothing listens. */
const nowhere = 'http://127.0.0.1:1';

async function run(argv: readonly string[], environment: Record<string, string> = {}) {
  const parts = memoryParts({
    directory: home,
    home,
    environment: { DROVER_URL: nowhere, DROVER_DATA: home, ...environment },
  });
  const code = await runCommandLine(argv, parts);
  return { code, stdout: parts.terminal.stdout.text, stderr: parts.terminal.stderr.text };
}

test('exit code 0: version and help', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `drover ${version}\n`, stderr: '' });
  expect(JSON.parse((await run(['version', '--json'])).stdout)).toEqual({ version });
  for (const argv of [[], ['--help'], ['help'], ['up', '--help'], ['help', 'registry', 'login'], ['exec', '-h']]) {
    const { code, stdout, stderr } = await run(argv);
    expect([code, stderr], argv.join(' ')).toEqual([0, '']);
    expect(stdout).toContain('Usage: drover');
  }
});

test('exit code 3: no server, in one sentence', async () => {
  const { code, stdout, stderr } = await run(['ls']);
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^drover: no Drover server answers at http:\/\/127\.0\.0\.1:1: nothing listens there\. .*\n$/);
});

test('exit code 4: not signed in', async () => {
  const server = createServer((_, response) => {
    response.statusCode = 401;
    response.end('{"message":"no token"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stderr } = await run(['ls'], { DROVER_URL: url, DROVER_TOKEN: 'hush-hush' });
  expect(code).toBe(4);
  expect(stderr).toBe(`drover: ${url} does not accept the token in DROVER_TOKEN\n`);
  server.close();
});

test('exit code 64: usage, with where to read on', async () => {
  const { code, stderr } = await run(['up', '--forse-recreate']);
  expect(code).toBe(64);
  expect(stderr).toBe(
    'drover: up: there is no flag "--forse-recreate". Did you mean --force-recreate? See drover up --help.\n',
  );
});

test('with --json what went wrong is JSON on standard output', async () => {
  for (const argv of [
    ['ls', '--json'],
    ['ls', '--json', '--wrong'],
    ['up', '--json'],
  ]) {
    const { code, stdout, stderr } = await run(argv);
    expect(code).not.toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ error: { reason: expect.any(String), message: expect.any(String) } });
  }
});

test.each([
  ['-p', '../x', 'ps'],
  ['-p', '$(id)', 'down'],
  ['-p', '', 'logs'],
  ['adopt', 'UPPER'],
  ['adopt', ''],
  ['-p', 'shop', 'rollback', 'latest'],
  ['-p', 'shop', 'logs', '--tail', 'x'],
  ['-p', 'shop', 'logs', '--since', 'yesterday'],
  ['-p', 'shop', 'exec', 'web'],
  ['-p', 'shop', 'set', 'NAME'],
  ['-p', 'shop', 'set', '1X=2'],
  ['-p', 'shop', 'set', '--secret', 'KEY=hush-hush'],
  ['-p', 'shop', 'run', '--entrypoint', '"x', 'web'],
  ['up', '--scale', 'web'],
  ['completion', 'tcsh'],
  ['help', 'nothing'],
  ['login', 'ftp://x'],
  ['registry', 'login', '--password-stdin', 'x'],
])('%j is refused as wrong usage before any server is asked', async (...argv) => {
  const { code, stdout, stderr } = await run(argv);
  expect([code, stdout], stderr).toEqual([64, '']);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/hush-hush|\bat .*:\d+:\d+/);
});

test('commands about no stack say how to name one', async () => {
  const { code, stderr } = await run(['ps']);
  expect([code, stderr]).toEqual([
    1,
    'drover: which stack is meant: name it with --project-name, or go to the folder of its Compose file\n',
  ]);
});

test('every command loads and has a module that runs', async () => {
  const { commands } = await import('../src/commands/table.ts');
  for (const { spec, load } of commands) expect(typeof (await load()).run, spec.name).toBe('function');
});

test('docs/cli.md is what the table of commands says', async () => {
  const [{ referencePage }, { commands }] = await Promise.all([
    import('../src/help/reference.ts'),
    import('../src/commands/table.ts'),
  ]);
  const written = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  // To write it: node bootstrap/run.mjs apps/cli/src/help/write-reference.ts
  expect(written).toBe(referencePage(commands));
});
