import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendUpgrade } from '@drover/tunnel';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { agentScript } from '../../../test/scenarios/stage/repository.ts';
import { exitCodes } from '../src/exit-codes.ts';
import { TestListener } from './test-listener.ts';

/** The agent as one file, as hosts get it. */
let installed: string;
let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  installed = await agentScript();
}, 60_000);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-agent-'));
});

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', installed, ...args], {
    env: {
      PATH: process.env.PATH,
      DROVER_AGENT_DATA: join(folder, 'data'),
      DOCKER_HOST: 'unix:///nowhere/docker.sock',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  return child;
}

async function ends(child: ChildProcess): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      text += data;
    });
  const [code] = await once(child, 'close');
  return { code, text };
}

async function joins(listener: TestListener): Promise<void> {
  const { host, port } = listener.address;
  const args = ['join', '--server', `https://${host}:${port}`, '--authority', listener.authority.fingerprint];
  const { code, text } = await ends(start(args, { DROVER_JOIN: 'a-token' }));
  expect([code, text]).toEqual([exitCodes.ok, `This machine is host host-1 of ${host}:${port}.\n`]);
}

it.each([
  [['fly'], {}, 'usage', 'reading the command line: "fly" is no command; try drover-agent help\n'],
  [
    ['join', '--server', 'https://n', '--authority', 'sha256:1'],
    {},
    'usage',
    'reading --authority: it has to be sha256: and 64 hex digits\n',
  ],
  [
    ['join', '--server', 'http://n', '--authority', `sha256:${'0'.repeat(64)}`],
    {},
    'usage',
    'reading --server: "http://n" is not https://HOST:PORT\n',
  ],
  [
    ['join', '--server', 'https://n', '--authority', `sha256:${'0'.repeat(64)}`],
    {},
    'usage',
    'reading the join token: put it into DROVER_JOIN, or into a file for --token-file\n',
  ],
  [['status'], {}, 'unreachable', 'This machine is no host yet.\n'],
  [['run'], {}, 'failure', 'starting the agent: this machine is no host yet; run drover-agent join first\n'],
  [
    ['status'],
    { DROVER_AGENT_DATA: '/dev/null/data' },
    'data-folder',
    expect.stringMatching(/^opening the data folder \/dev\/null\/data: /),
  ],
] as const)(
  'ends %j with a name and a sentence',
  async (args, env, name, text) => {
    expect(await ends(start(args, env))).toEqual({ code: exitCodes[name], text });
  },
  20_000,
);

it('joins, runs and stops, and tells so', async () => {
  await using listener = await TestListener.start();
  await joins(listener);
  const child = start(['run']);
  const ended = ends(child);
  const tunnel = await listener.tunnel(0);
  child.kill('SIGTERM');
  expect(await tunnel.closed).toBe('the agent stops');
  const { code, text } = await ended;
  expect(code).toBe(exitCodes.ok);
  expect(text).toContain('connected to the server');
  expect(text).not.toContain('a-token');
}, 20_000);

it('has its data folder for itself, however the one before it ended', async () => {
  await using listener = await TestListener.start();
  await joins(listener);
  const first = start(['run']);
  const ended = ends(first);
  await listener.tunnel(0);
  expect(await ends(start(['run']))).toEqual({
    code: exitCodes['data-folder'],
    text: `locking the data folder ${join(folder, 'data')}: another agent runs with it; stop that one, or choose another folder with DROVER_AGENT_DATA\n`,
  });
  expect((await ends(start(['status']))).text).toContain('connected');
  first.kill('SIGKILL');
  await ended;
  start(['run']);
  await listener.tunnel(1);
}, 20_000);

it('becomes the build that the server sent, under the same process id, and stays it over a restart', async () => {
  await using listener = await TestListener.start();
  await joins(listener);
  const child = start(['run']);
  const ended = ends(child);
  const tunnel = await listener.tunnel(0);
  const bytes = await readFile(installed);
  await sendUpgrade(tunnel, { software: '0.2.0', bytes });
  await listener.tunnel(1);
  const [build] = (await readdir(join(folder, 'data', 'software'))).filter((name) => name.endsWith('.mjs'));
  expect(await readFile(`/proc/${child.pid}/cmdline`, 'utf8')).toContain(build);
  await confirmed();
  child.kill('SIGTERM');
  expect((await ended).code).toBe(exitCodes.ok);

  const again = start(['run']);
  await listener.tunnel(2);
  expect(await readFile(`/proc/${again.pid}/cmdline`, 'utf8')).toContain(build);

  // A build that crashes: whatever watches over the agent starts the installed program, which knows the good one.
  const crashed = ends(again);
  await sendUpgrade(listener.tunnels[2]!, { software: '0.3.0', bytes: Buffer.from('process.exit(9);') });
  expect((await crashed).code).toBe(9);
  const back = start(['run']);
  await listener.tunnel(3);
  expect(await readFile(`/proc/${back.pid}/cmdline`, 'utf8')).toContain(build);
}, 40_000);

async function confirmed(): Promise<void> {
  const choice = join(folder, 'data', 'software', 'choice.json');
  for (let tries = 0; tries < 500; tries += 1) {
    if ((await readFile(choice, 'utf8')).includes('current')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the new build was not made the current one');
}
