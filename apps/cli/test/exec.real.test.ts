import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import { repository } from '../../../test/scenarios/stage/repository.ts';
import { scenarioLab } from '../../../test/scenarios/stage/scenario.ts';
import type { Stage } from '../../../test/scenarios/stage/stage.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';

const { scenario } = scenarioLab(['28'], ['busybox']);

const project = `name: box
services:
  app:
    image: busybox:1.36
    command: ["sleep", "600"]
    stop_grace_period: 0s
    scale: 2
`;

/** The project as docker compose makes it, so that these tests need no deploy of Drover's. */
async function begin(stage: Stage): Promise<void> {
  await stage.write('compose.yaml', project);
  await stage.mustCompose(['up', '-d']);
}

const inTerminal = (stage: Stage, args: readonly string[]): PseudoTerminal =>
  new PseudoTerminal(join(repository, 'bin', 'drover'), args, { cwd: stage.folder, env: stage.droverEnv() });

scenario('exec passes bytes both ways and ends with the exit code of its command', {}, async (stage) => {
  await begin(stage);
  expect((await stage.mustDrover(['exec', '-T', 'app', 'cat'], 0, { stdin: 'one\ntwo\n' })).stdout).toBe('one\ntwo\n');
  const text = randomBytes(1_500_000).toString('hex');
  const counted = await stage.mustDrover(['exec', '-T', 'app', 'wc', '-c'], 0, { stdin: text });
  expect(counted.stdout.trim()).toBe(String(text.length));
  const large = await stage.mustDrover(['exec', '-T', 'app', 'sh', '-c', 'head -c 5000000 /dev/zero | tr "\\0" x']);
  expect(large.stdout).toBe('x'.repeat(5_000_000));

  const both = await stage.mustDrover(['exec', 'app', 'sh', '-c', 'echo out; echo err >&2; exit 7'], 7);
  expect([both.stdout, both.stderr]).toEqual(['out\n', 'err\n']);
  const given = await stage.mustDrover([
    'exec',
    '-e',
    'A=b c',
    '-w',
    '/tmp',
    '-u',
    '1000',
    'app',
    'sh',
    '-c',
    'echo "$A $(pwd) $(id -u)"',
  ]);
  expect(given.stdout).toBe('b c /tmp 1000\n');
  expect((await stage.mustDrover(['exec', '--index', '2', 'app', 'hostname'])).stdout).not.toBe(
    (await stage.mustDrover(['exec', '--index', '1', 'app', 'hostname'])).stdout,
  );
  // Nothing of the line is looked at by a shell.
  expect((await stage.mustDrover(['exec', 'app', 'echo', '$(id)', ';', '*'])).stdout).toBe('$(id) ; *\n');
});

scenario('exec says what is wrong', {}, async (stage) => {
  await begin(stage);
  for (const [args, exitCode, sentence] of [
    [['exec', 'ap', 'true'], 1, /no service "ap"\. Did you mean app\?/],
    [['exec', '--index', '9', 'app', 'true'], 1, /no container number 9/],
    [['exec', 'app', 'no-such-program'], 0, /no-such-program/],
    [['exec', 'app'], 64, /the command is missing/],
  ] as const) {
    const result = await stage.drover(args);
    if (exitCode !== 0) expect(result.exitCode, result.output).toBe(exitCode);
    else expect(result.exitCode).not.toBe(0);
    expect(result.output).toMatch(sentence);
  }
  await stage.mustCompose(['stop', '-t', '0']);
  expect((await stage.mustDrover(['exec', 'app', 'true'], 1)).stderr).toMatch(/no container of "app" runs/);
});

scenario('exec in a terminal: size, resize, Ctrl-C for the command, and the terminal as it was', {}, async (stage) => {
  await begin(stage);
  const terminal = inTerminal(stage, ['exec', '-it', 'app', 'sh']);
  try {
    await terminal.said(/\/ # /);
    expect(terminal.settings()).toMatch(/-icanon/);
    terminal.type('stty size; echo "the end"\n');
    await terminal.said(/30 100[\s\S]*the end/);
    terminal.resize(71, 19);
    terminal.type('until stty size | grep -q 19.71; do sleep 0.1; done; stty size\n');
    await terminal.said(/19 71/);
    // A Ctrl-C that comes before the shell has handed the terminal over would end nothing.
    terminal.type(`sh -c 'echo asle""ep; exec sleep 500'\n`);
    await terminal.said(/asleep/);
    terminal.type('\x03');
    terminal.type('echo still-$((40 + 2))\n');
    await terminal.said(/still-42/);
    terminal.type('exit 9\n');
    expect(await terminal.exitCode).toBe(9);
  } finally {
    terminal.kill();
  }
});

scenario('the terminal is no longer raw when the container dies under it', {}, async (stage) => {
  await begin(stage);
  // The shell outlives the command and shows how the terminal is set then.
  const line = `${join(repository, 'bin', 'drover')} exec -it app sh; stty -a; echo the-end`;
  const terminal = new PseudoTerminal('sh', ['-c', line], { cwd: stage.folder, env: stage.droverEnv() });
  try {
    await terminal.said(/\/ # /);
    await stage.mustCompose(['kill']);
    await terminal.said(/the-end/);
    expect(terminal.output).toMatch(/ icanon/);
    expect(await terminal.exitCode).toBe(0);
  } finally {
    terminal.kill();
  }
});

scenario('logs, listings and events of what runs', {}, async (stage) => {
  await stage.write(
    'compose.yaml',
    project.replace('["sleep", "600"]', '["sh", "-c", "echo begin; sleep 1; echo later; sleep 600"]'),
  );
  await stage.mustCompose(['up', '-d']);
  const following = stage.startDrover(['logs', '-f', '-t']);
  await following.said(/app-1 \| \S+Z later[\s\S]*app-2 \| \S+Z later|app-2 \| \S+Z later[\s\S]*app-1 \| \S+Z later/);
  following.signal('SIGINT');
  expect((await following.result).exitCode).toBe(130);

  const lines = (await stage.mustDrover(['logs', '--tail', '1', '--json'])).stdout.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(['later', 'later']);
  const containers = JSON.parse((await stage.mustDrover(['ps', '--json'])).stdout) as { name: string; state: string }[];
  expect(containers.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
    'box-app-1 running',
    'box-app-2 running',
  ]);
  expect((await stage.mustDrover(['ps'])).stdout).toMatch(/^CONTAINER +SERVICE +STATE +STATUS/);
  expect((await stage.mustDrover(['ls'])).stdout).toMatch(/^box +unmanaged +2\/2/m);
  for (const list of ['images', 'volumes', 'networks', 'disk', 'info'])
    expect(JSON.parse((await stage.mustDrover([list, '--json'])).stdout), list).toBeTruthy();

  const events = stage.startDrover(['events', '--json']);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await stage.mustCompose(['kill']);
  await events.said(/"action":"die"/);
  events.signal('SIGINT');
  for (const line of (await events.result).stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('type');
});
