import { expect } from 'vitest';
import type { ProgramResult } from './stage/program.ts';
import { everyEngine, scenarioLab } from './stage/scenario.ts';
import type { Stage } from './stage/stage.ts';

const { scenario } = scenarioLab(everyEngine, ['busybox', 'echo', 'redis']);

interface Failing {
  readonly intent: string;
  /** Replaces the application's image line; beside it the store is changed too, so that it has to be put back as well. */
  readonly app: string;
  readonly flags?: readonly string[];
  /** What the command must say. */
  readonly says: readonly RegExp[];
}

const failing: readonly Failing[] = [
  {
    intent: 'exits at its start',
    app: `image: busybox:1.36\n    command: ["sh", "-c", "echo the settings are broken; exit 3"]`,
    says: [/\bapp\b/, /code 3/, /the settings are broken/],
  },
  {
    intent: 'is restarted again and again',
    app: `image: busybox:1.36\n    restart: always\n    command: ["sh", "-c", "echo cannot work like this; exit 4"]`,
    says: [/\bapp\b/, /cannot work like this/],
  },
  {
    intent: 'becomes unhealthy',
    app: `image: echo:v2-healthy\n    command: ["sh", "-c", "echo starting badly; ECHO_UNHEALTHY=1 exec echo-server"]`,
    says: [/\bapp\b/, /health check failed/, /starting badly/],
  },
  {
    intent: 'cannot be started',
    app: `image: echo:v2-healthy\n    command: ["/no/such/program"]`,
    says: [/\bapp\b/, /\/no\/such\/program/],
  },
  {
    intent: 'has an image that is nowhere',
    app: 'image: nowhere:1',
    says: [/nowhere:1/],
  },
  {
    intent: 'is not healthy in time',
    app: `image: echo:v2-healthy\n    command: ["sh", "-c", "echo taking long; ECHO_START_DELAY=60 exec echo-server"]`,
    flags: ['--timeout', '3s'],
    says: [/\bapp\b|3 s/, /3 ?s|in time|timed? ?out/i],
  },
];

for (const { intent, app, flags = [], says } of failing) {
  scenario(
    `when the new version ${intent}, the containers of the old one serve again`,
    { files: 'counter' },
    async (stage) => {
      const before = await serveFirst(stage);
      await stage.edit('compose.yaml', 'image: echo:v1-healthy', app);
      await stage.edit('compose.yaml', 'EDITION: one', 'EDITION: two');
      if (intent === 'is not healthy in time') await stage.edit('compose.yaml', 'retries: 5', 'retries: 500');
      const failed = await stage.mustDrover(['up', ...flags], 1);
      for (const words of says) expect(failed.output).toMatch(words);
      demandPlainWords(failed);
      await demandServing(stage, before);

      // The old files are what serves, so that there is nothing to do for them.
      await stage.edit('compose.yaml', app, 'image: echo:v1-healthy');
      await stage.edit('compose.yaml', 'EDITION: two', 'EDITION: one');
      if (intent === 'is not healthy in time') await stage.edit('compose.yaml', 'retries: 500', 'retries: 5');
      await stage.mustDrover(['plan'], 0);
    },
  );
}

scenario('a deploy that is cancelled with Ctrl-C puts the old version back', { files: 'counter' }, async (stage) => {
  const before = await serveFirst(stage);
  await stage.edit('compose.yaml', 'EDITION: one', 'EDITION: two');
  await stage.edit(
    'compose.yaml',
    'image: echo:v1-healthy',
    'image: echo:v2-healthy\n    command: ["sleep", "60"]\n    stop_grace_period: 1s',
  );
  await stage.edit('compose.yaml', 'retries: 5', 'retries: 500');
  const running = stage.startDrover(['up']);
  // Its container runs and is being waited for: by now the old one has stopped.
  await until(async () => {
    const apps = await stage.engine.service('counter', 'app');
    return apps.some((each) => each.image === 'echo:v2-healthy' && each.state === 'running');
  });
  running.signal('SIGINT');
  const result = await running.result;
  expect(result.exitCode).toBe(130);
  expect(result.output).toMatch(/cancel/i);
  demandPlainWords(result);
  await demandServing(stage, before);
});

scenario('a first deploy that fails leaves nothing but its volume', { files: 'counter' }, async (stage) => {
  await stage.edit('compose.yaml', 'image: echo:v1-healthy', 'image: busybox:1.36\n    command: ["false"]');
  const failed = await stage.mustDrover(['up'], 1);
  expect(failed.output).toMatch(/\bapp\b/);
  demandPlainWords(failed);
  expect(await stage.engine.containers('counter')).toEqual([]);
  expect(await stage.engine.networks('counter')).toEqual([]);
});

scenario('a program that ends at its start never passes for deployed', { files: 'counter' }, async (stage) => {
  for (const restart of ['no', 'always', 'no', 'always', 'no', 'always']) {
    await stage.write(
      'compose.yaml',
      `services:\n  app:\n    image: busybox:1.36\n    restart: "${restart}"\n    command: ["sh", "-c", "exit 3"]\n`,
    );
    const failed = await stage.mustDrover(['up'], 1);
    expect(failed.output).toMatch(/code 3|over and over|it ended once/);
    expect(await stage.engine.containers('counter')).toEqual([]);
  }
});

scenario(
  'a program that ends later is found out where it is watched for long enough',
  { files: 'counter' },
  async (stage) => {
    await stage.edit('compose.yaml', 'test: ["CMD", "wget",', 'disable: true # ["CMD", "wget",');
    const before = await serveFirst(stage);
    const program = 'command: ["sh", "-c", "echo no settings; sleep 0.7; exit 3"]';
    await stage.edit('compose.yaml', 'image: echo:v1-healthy', `image: busybox:1.36\n    ${program}`);
    const failed = await stage.mustDrover(['up', '--monitor', '5s'], 1);
    for (const words of ['checking that it stands', 'counter-app-1: it ended with code 3', 'no settings'])
      expect(failed.output).toContain(words);
    demandPlainWords(failed);
    await demandServing(stage, before);
  },
);

/** Deploys the good version, puts something into the store, and tells which containers serve. */
async function serveFirst(stage: Stage): Promise<Record<string, string>> {
  await stage.mustDrover(['up']);
  await redis(stage, ['set', 'greeting', 'hello']);
  await redis(stage, ['save']);
  return await stage.engine.ids('counter');
}

/** The very containers of before run, answer, and hold their data; nothing else is left. */
async function demandServing(stage: Stage, before: Readonly<Record<string, string>>): Promise<void> {
  expect(await stage.engine.ids('counter')).toEqual(before);
  const containers = await stage.engine.containers('counter');
  expect(containers.map((each) => each.name)).toEqual(['counter-app-1', 'counter-store-1']);
  for (const each of containers) expect([each.name, each.state]).toEqual([each.name, 'running']);
  expect(await (await fetch(`http://${stage.host.address}:8080/env?name=EDITION`)).text()).toBe('one\n');
  expect(await redis(stage, ['get', 'greeting'])).toBe('hello');
}

async function redis(stage: Stage, args: readonly string[]): Promise<string> {
  const result = await stage.host.exec(['docker', 'exec', 'counter-store-1', 'redis-cli', ...args]);
  if (result.exitCode !== 0) throw new Error(`redis-cli ${args.join(' ')}: ${result.stderr}`);
  return result.stdout.trim();
}

function demandPlainWords(result: ProgramResult): void {
  expect(result.output).not.toMatch(/^\s+at .*:\d+/m);
  expect(result.output).not.toMatch(/\b(TypeError|InternalError|ReferenceError|undefined)\b/);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('waiting for the deploy to get so far: it did not within a minute');
}
