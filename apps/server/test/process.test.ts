import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { serverScript } from '../../../test/scenarios/stage/repository.ts';
import { compose } from './stage/follow.ts';
import { bareCall } from './stage/stage.ts';

/** The server as `npm start` runs it. */
let main: string;
beforeAll(async () => {
  main = await serverScript();
}, 60_000);

let dataDir: string;
let children: ChildProcess[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'drover-process-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await kill(child, 'SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly lines: string[];
}

function launch(env: Record<string, string> = {}): { child: ChildProcess; lines: string[]; errors: string[] } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      DROVER_DATA: dataDir,
      DROVER_LISTEN: '127.0.0.1:0',
      DROVER_ENGINE_WAIT: '1',
      DOCKER_HOST: `unix://${join(dataDir, 'no-engine.sock')}`,
      ...env,
    },
  });
  children.push(child);
  const lines: string[] = [];
  const errors: string[] = [];
  child.stdout?.on('data', (data: Buffer) => lines.push(...data.toString().trim().split('\n')));
  child.stderr?.on('data', (data: Buffer) => errors.push(data.toString()));
  return { child, lines, errors };
}

async function start(env: Record<string, string> = {}): Promise<Started> {
  const { child, lines, errors } = launch(env);
  await expect.poll(() => lines.length > 0 || child.exitCode !== null, { timeout: 15_000, interval: 20 }).toBe(true);
  const url = /^Drover is ready: (http:\S+)$/.exec(lines[0] ?? '')?.[1];
  if (url === undefined) throw new Error(`it said ${lines.join('\n')} and ${errors.join('')}`);
  return { child, url, lines };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exited) as [number | null];
  return code;
}

const token = () => readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();

test('what was acknowledged survives a kill, and is ended truthfully', { timeout: 120_000 }, async () => {
  const first = await start();
  const source = compose('services:\n  web:\n    image: web:1\n');
  const answer = await bareCall(first.url, token(), 'POST', '/stacks/shop/deploy', { body: { source } });
  await kill(first.child, 'SIGKILL');
  expect(answer.status).toBe(200);
  const { id } = (answer.body as { deployment: { id: string } }).deployment;
  const second = await start();
  await expect
    .poll(
      async () =>
        ((await bareCall(second.url, token(), 'GET', `/deployments/${id}`, {})).body as { state: string }).state,
      { timeout: 90_000, interval: 250 },
    )
    .toBe('failed');
  const { body } = await bareCall(second.url, token(), 'GET', `/deployments/${id}`, {});
  expect(body).toMatchObject({
    failure: { reason: 'unreachable', message: expect.stringContaining('no engine answers') },
  });
});

test('two servers cannot share a data folder, and a killed one leaves no lock', { timeout: 60_000 }, async () => {
  const first = await start();
  const { child, errors } = launch();
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(1);
  expect(errors.join('')).toBe(
    `opening the data folder ${dataDir}: another Drover (process ${first.child.pid}) uses it; stop that one, or choose another folder with DROVER_DATA\n`,
  );
  await kill(first.child, 'SIGKILL');
  await start();
});

test('the first start says where it is and how to sign in; a stop is in good order', { timeout: 60_000 }, async () => {
  const { child, lines } = await start();
  await expect.poll(() => lines.length).toBe(2);
  expect(lines[1]).toMatch(/^Sign in \(once\): http:\/\/127\.0\.0\.1:\d+\/#\/sign-in\/[A-Za-z0-9_-]{43}$/);
  for (const name of ['admin-token', 'key', 'drover.db', 'drover.db-wal']) {
    if (existsSync(join(dataDir, name))) expect(statSync(join(dataDir, name)).mode & 0o777, name).toBe(0o600);
  }
  for (const name of ['', 'blobs', 'stacks', 'work', 'backups'])
    expect(statSync(join(dataDir, name)).mode & 0o777, name).toBe(0o700);
  expect(await kill(child, 'SIGTERM')).toBe(0);
});

test.each([
  [
    { DROVER_LISTEN: '0.0.0.0:0' },
    /^reading DROVER_LISTEN: 0\.0\.0\.0 can be reached from other machines.*DROVER_INSECURE=1\n$/,
  ],
  [
    { DROVER_LISTEN: 'nonsense' },
    /^reading DROVER_LISTEN: "nonsense" is not address:port, such as 127\.0\.0\.1:8420\n$/,
  ],
  [{ DOCKER_HOST: 'gopher://x' }, /DOCKER_HOST|must start with unix:\/\/ or tcp:\/\//],
])('with %j it does not start, and says why in one sentence', { timeout: 30_000 }, async (env, sentence) => {
  const { child, errors } = launch(env);
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(1);
  expect(errors.join('')).toMatch(sentence);
  expect(errors.join('')).not.toMatch(/\n\s+at /);
});
