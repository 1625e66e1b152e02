import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type ProgramResult, runProgram } from './stage/program.ts';
import { scenarioLab } from './stage/scenario.ts';
import type { Stage } from './stage/stage.ts';

const { scenario } = scenarioLab(['28'], ['busybox', 'echo']);

interface BadFile {
  readonly what: string;
  readonly text: string;
  /** Where and what the sentence has to say. */
  readonly says: readonly RegExp[];
}

const good = 'services:\n  app:\n    image: echo:v1\n';

/** Each is wrong in one way; the command says where and why, and nothing happens in the engine. */
const badFiles: readonly BadFile[] = [
  { what: 'not YAML', text: 'services:\n  app:\n    image: [echo:v1\n', says: [/compose\.yaml:\d+:\d+/] },
  { what: 'a tab', text: 'services:\n\tapp:\n\t\timage: x\n', says: [/compose\.yaml:2:\d+/, /tab/i] },
  { what: 'a list where a map belongs', text: 'services:\n  - app\n', says: [/compose\.yaml:2:\d+/, /services/] },
  { what: 'a wrong type', text: `${good}    ports: 12\n`, says: [/compose\.yaml:4:\d+/, /ports/] },
  { what: 'a wrong value', text: `${good}    mem_limit: much\n`, says: [/compose\.yaml:4:\d+/, /mem_limit|much/] },
  { what: 'a wrong port', text: `${good}    ports: ["99999:80"]\n`, says: [/compose\.yaml:4:\d+/, /99999/] },
  { what: 'an unknown key', text: `${good}    imagee: x\n`, says: [/compose\.yaml:4:5/, /imagee/] },
  { what: 'an unknown key at the top', text: `${good}servicess: {}\n`, says: [/compose\.yaml:4:1/, /servicess/] },
  { what: 'no image', text: 'services:\n  app:\n    command: ["true"]\n', says: [/compose\.yaml:2:\d+/, /app.*image/] },
  { what: 'no services', text: 'name: empty\n', says: [/service/] },
  { what: 'an empty file', text: '', says: [/compose\.yaml/, /empty/] },
  { what: 'a key that is there twice', text: `${good}    image: echo:v2\n`, says: [/compose\.yaml:4:5/, /image/] },
  {
    what: 'a dependency on nothing',
    text: `${good}    depends_on: [nobody]\n`,
    says: [/compose\.yaml:4:\d+/, /nobody/],
  },
  {
    what: 'dependencies in a circle',
    text: `${good}    depends_on: [other]\n  other:\n    image: echo:v1\n    depends_on: [app]\n`,
    says: [/compose\.yaml:\d+:\d+/, /app/, /other/],
  },
  {
    what: 'an unset variable that is required',
    text: `${good}    user: \${WHO:?say who}\n`,
    says: [/:4:\d+/, /say who/],
  },
  { what: 'a volume that is not declared', text: `${good}    volumes: ["data:/data"]\n`, says: [/:4:\d+/, /data/] },
  {
    what: 'an env file that is not there',
    text: `${good}    env_file: ./none.env\n`,
    says: [/none\.env/],
  },
  {
    what: 'a name that is a path',
    text: `name: ../x\n${good}`,
    says: [/compose\.yaml:1:\d+/, /\.\.\/x/],
  },
  { what: 'a name that is a command', text: `name: $(id)\n${good}`, says: [/compose\.yaml:1:\d+/, /\$\(id\)/] },
  {
    what: 'a field that is refused',
    text: `${good}    use_api_socket: true\n`,
    says: [/compose\.yaml:4:21/, /use_api_socket of app is refused/, /--accept service\.use_api_socket/],
  },
  { what: 'an image name that is none', text: 'services:\n  app:\n    image: "UPPER CASE"\n', says: [/UPPER CASE/] },
  { what: 'an image that is nowhere', text: 'services:\n  app:\n    image: nowhere:1\n', says: [/nowhere:1/] },
  {
    what: 'an image of a registry that is not there',
    text: 'services:\n  app:\n    image: registry.invalid/app:1\n',
    says: [/registry\.invalid/],
  },
];

scenario('each bad file gets one sentence with its place, and nothing happens', {}, async (stage) => {
  const before = await stage.engine.everything();
  const wrong: string[] = [];
  for (const { what, text, says } of badFiles) {
    await stage.write('compose.yaml', text);
    const result = await stage.drover(['up']);
    const missing = says.filter((words) => !words.test(result.output));
    const lines = result.output.trim().split('\n').length;
    const plain = !isTechnical(result);
    if (result.exitCode !== 1 || missing.length > 0 || lines > 3 || !plain)
      wrong.push(`${what}: exit ${result.exitCode}, ${lines} lines, misses ${missing.join(' ')}:\n${result.output}`);
  }
  expect(wrong.join('\n')).toBe('');
  expect(await stage.engine.everything()).toEqual(before);
});

scenario('names that are paths or commands are refused everywhere', {}, async (stage) => {
  await stage.write('compose.yaml', good);
  const before = await stage.engine.everything();
  for (const name of ['../x', '$(id)', '-x', 'UPPER', 'a/b', '']) {
    for (const args of [
      ['-p', name, 'up'],
      ['-p', name, 'down'],
      ['adopt', name],
    ]) {
      if (name === '' && args[0] === '-p') continue;
      const result = await stage.drover(args);
      expect([1, 64], `${args.join(' ')}: ${result.output}`).toContain(result.exitCode);
      demandPlainWords(result);
    }
  }
  expect(await stage.engine.everything()).toEqual(before);
});

scenario('a port that is taken', {}, async (stage) => {
  await mustRun(stage, ['docker', 'run', '-d', '--name', 'other', '-p', '8090:80', 'busybox:1.36', 'sleep', '600']);
  await stage.write('compose.yaml', `name: taken\n${good}    ports: ["8090:8080"]\n`);
  const before = await stage.engine.everything();
  const result = await stage.mustDrover(['up'], 1);
  expect(result.output).toMatch(/8090/);
  demandPlainWords(result);
  expect(await stage.engine.everything()).toEqual(before);
});

scenario('a volume and a network that another project owns', {}, async (stage) => {
  const theirs = ['--label', 'com.docker.compose.project=theirs'];
  await mustRun(stage, [
    'docker',
    'volume',
    'create',
    ...theirs,
    '--label',
    'com.docker.compose.volume=data',
    'shared',
  ]);
  await mustRun(stage, ['docker', 'network', 'create', ...theirs, '--label', 'com.docker.compose.network=lan', 'lan']);
  const before = await stage.engine.everything();
  await stage.write(
    'compose.yaml',
    `name: mine\n${good}    volumes: ["data:/data"]\nvolumes:\n  data:\n    name: shared\n`,
  );
  const volume = await stage.mustDrover(['up'], 1);
  expect(volume.output).toMatch(/shared/);
  expect(volume.output).toMatch(/theirs/);
  expect(volume.output).toMatch(/compose\.yaml:\d+:\d+/);
  demandPlainWords(volume);
  await stage.write('compose.yaml', `name: mine\n${good}    networks: [lan]\nnetworks:\n  lan:\n    name: lan\n`);
  const network = await stage.mustDrover(['up'], 1);
  expect(network.output).toMatch(/lan/);
  expect(network.output).toMatch(/theirs/);
  demandPlainWords(network);
  expect(await stage.engine.everything()).toEqual(before);
});

scenario('a container that is killed while it starts', {}, async (stage) => {
  const check = '    healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 100}\n';
  await stage.write('compose.yaml', `name: killed\n${good}${check}`);
  const running = stage.startDrover(['up']);
  for (;;) {
    const [app] = await stage.engine.service('killed', 'app');
    if (app?.state === 'running') {
      await mustRun(stage, ['docker', 'kill', app.id]);
      break;
    }
    await sleep(50);
  }
  const result = await running.result;
  expect(result.exitCode).toBe(1);
  expect(result.output).toMatch(/\bapp\b/);
  expect(result.output).toMatch(/137|kill/i);
  demandPlainWords(result);
  expect(await stage.engine.containers('killed')).toEqual([]);
});

scenario('a full disk below the store', { dataSizeMb: 12 }, async (stage) => {
  await stage.write('compose.yaml', `name: full\n${good}`);
  await stage.mustDrover(['up']);
  const before = await stage.engine.everything();
  await runProgram('dd', ['if=/dev/zero', `of=${join(stage.server.dataDir, 'filler')}`, 'bs=64k']);
  await stage.write('compose.yaml', `name: full\n${good}    environment: {EDITION: two}\n`);
  const result = await stage.mustDrover(['up'], 1);
  expect(result.output).toMatch(/space|disk|full/i);
  demandPlainWords(result);
  expect(await stage.engine.everything()).toEqual(before);

  await runProgram('rm', [join(stage.server.dataDir, 'filler')]);
  await stage.mustDrover(['up']);
  await stage.mustDrover(['plan'], 0);
});

scenario('an engine that goes away in the middle of a deploy', { timeoutMs: 600_000 }, async (stage) => {
  const slow = '    healthcheck: {test: ["CMD", "test", "-e", "/ready"], interval: 300ms, retries: 1000}\n';
  await stage.write('compose.yaml', `name: away\n${good}${slow}`);
  const running = stage.startDrover(['up', '--timeout', '30s']);
  while ((await stage.engine.service('away', 'app'))[0]?.state !== 'running') await sleep(50);
  await stage.host.kill();
  await running.said(/no engine answers|connection to the engine was lost/);
  // What was made is taken down again as soon as the engine is back.
  await stage.host.start();
  const result = await running.result;
  expect(result.exitCode).toBe(1);
  expect(result.output).toMatch(/engine/i);
  demandPlainWords(result);
  expect(await stage.engine.containers('away')).toEqual([]);

  await stage.write('compose.yaml', `name: away\n${good}`);
  for (const deadline = Date.now() + 30_000; ; await sleep(200)) {
    const next = await stage.drover(['up']);
    if (next.exitCode === 0) break;
    if (Date.now() > deadline) throw new Error(`the engine is back, and yet: ${next.output}`);
  }
  await stage.mustDrover(['plan'], 0);
  expect((await stage.engine.containers('away')).map((each) => [each.name, each.state])).toEqual([
    ['away-app-1', 'running'],
  ]);
});

scenario('a compose file of 10 MB', {}, async (stage) => {
  const filler = `x-filler:\n${`  - ${'x'.repeat(1000)}\n`.repeat(10_000)}`;
  await stage.write('compose.yaml', `name: large\n${good}${filler}`);
  const result = await stage.drover(['up'], { timeoutMs: 60_000 });
  demandPlainWords(result);
  if (result.exitCode === 0) await stage.mustDrover(['plan'], 0);
  else {
    expect(result.exitCode).toBe(1);
    expect(result.output).toMatch(/compose\.yaml.*(large|MB|bytes|size)/i);
    expect(await stage.engine.containers('large')).toEqual([]);
  }
});

scenario('a thousand services', { timeoutMs: 600_000 }, async (stage) => {
  const service = (index: number) => `  s${index}:\n    image: busybox:1.36\n    command: ["sleep", "600"]\n`;
  const services = Array.from({ length: 1000 }, (_, index) => service(index));
  await stage.write('compose.yaml', `name: thousand\nservices:\n${services.join('')}`);
  const plan = await stage.mustDrover(['plan', '--json'], 2, { timeoutMs: 60_000 });
  const { services: changes } = JSON.parse(plan.stdout) as { services: { change: string }[] };
  expect(changes.filter(({ change }) => change === 'created')).toHaveLength(1000);
  expect(plan.ms).toBeLessThan(20_000);

  // As many containers are more than this machine holds; all but three services want none.
  const few = services.map((text, index) => (index < 3 ? text : `${text}    scale: 0\n`));
  await stage.write('compose.yaml', `name: thousand\nservices:\n${few.join('')}`);
  await stage.mustDrover(['up'], 0, { timeoutMs: 60_000 });
  expect((await stage.engine.containers('thousand')).map((each) => each.service)).toEqual(['s0', 's1', 's2']);
  await stage.mustDrover(['plan'], 0);
});

scenario('two deploys of one stack at once', {}, async (stage) => {
  const slow = '    healthcheck: {test: ["CMD", "true"], interval: 2s, retries: 5}\n';
  await stage.write('compose.yaml', `name: twice\n${good}${slow}`);
  const first = stage.startDrover(['up']);
  while ((await stage.engine.containers('twice')).length === 0) await sleep(20);
  const second = await stage.mustDrover(['up'], 1);
  expect(second.output).toMatch(/deploy/);
  expect(second.output).toMatch(/twice/);
  demandPlainWords(second);
  const ended = await first.result;
  expect(ended.exitCode, ended.output).toBe(0);
  await stage.mustDrover(['plan'], 0);
});

async function mustRun(stage: Stage, args: readonly string[]): Promise<void> {
  const result = await stage.host.exec(args);
  if (result.exitCode !== 0) throw new Error(`${args.join(' ')}: ${result.stderr}`);
}

function isTechnical(result: ProgramResult): boolean {
  return (
    /^\s+at .*:\d+/m.test(result.output) ||
    /\b(TypeError|ReferenceError|InternalError|undefined|\[object Object\]|ENOENT|EPIPE|ECONNRESET)\b/.test(
      result.output,
    )
  );
}

function demandPlainWords(result: ProgramResult): void {
  expect(isTechnical(result), result.output).toBe(false);
}
