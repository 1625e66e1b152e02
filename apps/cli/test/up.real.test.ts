import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeploymentView, PlanView, VariableView } from '@drover/contract';
import { expect } from 'vitest';
import { repository } from '../../../test/scenarios/stage/repository.ts';
import { scenarioLab } from '../../../test/scenarios/stage/scenario.ts';
import type { Stage } from '../../../test/scenarios/stage/stage.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';
import { Screen } from './terminal/screen.ts';

const { scenario } = scenarioLab(['28'], ['busybox']);

const drover = join(repository, 'bin', 'drover');

const good = `name: box
services:
  app:
    image: busybox:1.36
    command: ["sleep", "600"]
    stop_grace_period: 0s
`;
/** Becomes healthy once there is a file in it. */
const patient = `${good}    healthcheck: {test: ["CMD", "test", "-e", "/ready"], interval: 200ms, retries: 1000}\n`;

const inTerminal = (
  stage: Stage,
  args: readonly string[],
  size: { columns?: number; rows?: number } = {},
): PseudoTerminal => new PseudoTerminal(drover, args, { cwd: stage.folder, env: stage.droverEnv(), ...size });

/** What the terminal's screen shows in the end, without the line that says which it is. */
function screenOf(terminal: PseudoTerminal, columns = 100, rows = 30): string[] {
  const screen = new Screen(columns, rows);
  screen.write(terminal.output);
  return screen.lines.filter((line) => !line.startsWith('tty='));
}

scenario('up on a terminal: a live picture, and in the end what was done', {}, async (stage) => {
  const services = Array.from(
    { length: 12 },
    (_, index) => `  s${index}:\n    image: busybox:1.36\n    command: ["sleep", "600"]\n    stop_grace_period: 0s\n`,
  );
  await stage.write('compose.yaml', `name: many\nservices:\n${services.join('')}`);
  const terminal = inTerminal(stage, ['up'], { columns: 60, rows: 8 });
  try {
    await terminal.said(/deploying many/);
    terminal.resize(40, 6);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.output).toMatch(/… and \d+ /);
    expect(terminal.output.endsWith('\u001b[?25h') || terminal.output.includes('\u001b[?25h')).toBe(true);
  } finally {
    terminal.kill();
  }
  const again = inTerminal(stage, ['up']);
  expect(await again.exitCode).toBe(0);
  expect(screenOf(again).at(-1)).toMatch(/^✔ many is deployed at revision 1: 12 unchanged \(/);
  await stage.mustDrover(['down', '-t', '0']);
});

scenario('up in a pipe is plain lines, and --json one document', {}, async (stage) => {
  await stage.write('compose.yaml', good);
  const piped = await stage.mustDrover(['up']);
  expect(piped.stdout).not.toContain('\u001b');
  // The image is pulled by whichever scenario comes first.
  const lines = piped.stdout.trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('image '))).toEqual([
    'plan: app created: container is missing',
    expect.stringMatching(/^created network box_default/),
    expect.stringMatching(/^app: created box-app-1/),
    expect.stringMatching(/^app: started box-app-1/),
    'checking that it stands…',
    expect.stringMatching(/^✔ box is deployed at revision 1: 1 created \(/),
  ]);
  const { deployment, plan } = JSON.parse((await stage.mustDrover(['up', '--json'])).stdout) as {
    deployment: DeploymentView;
    plan: PlanView;
  };
  expect([deployment.state, deployment.servingRevision, plan.empty]).toEqual(['succeeded', 1, true]);
  const begun = JSON.parse((await stage.mustDrover(['restart', '--no-wait', '--json'])).stdout) as {
    deployment: DeploymentView;
  };
  expect(begun.deployment.action).toBe('restart');
  await stage.mustDrover(['follow']);
});

scenario(
  'Ctrl-C cancels and puts back what served; a second one only leaves',
  { timeoutMs: 180_000 },
  async (stage) => {
    await stage.write('compose.yaml', good);
    await stage.mustDrover(['up']);
    const before = await stage.engine.ids('box');
    await stage.write('compose.yaml', patient);

    const cancelled = inTerminal(stage, ['up']);
    await cancelled.said(/waiting until ready/);
    cancelled.type('\x03');
    await cancelled.said(/Cancelling/);
    expect(await cancelled.exitCode).toBe(130);
    expect(screenOf(cancelled).slice(-2)).toEqual([
      '✘ deploy of box was cancelled',
      'Revision 1 of box serves, as before.',
    ]);
    expect(await stage.engine.ids('box')).toEqual(before);
    await stage.mustDrover(['plan'], 2);

    // A container that takes its time to stop, so that there is time to leave.
    await stage.write('compose.yaml', patient.replace('stop_grace_period: 0s', 'stop_grace_period: 8s'));
    const left = inTerminal(stage, ['up']);
    await left.said(/waiting until ready/);
    left.type('\x03');
    await left.said(/Cancelling/);
    left.type('\x03');
    expect(await left.exitCode).toBe(130);
    expect(left.output).toMatch(/goes on without this command; drover follow shows it/);
    // The first Ctrl-C had cancelled it.
    expect((await stage.drover(['follow'])).exitCode).toBe(130);

    const followed = stage.startDrover(['up', '--no-wait']);
    expect((await followed.result).exitCode).toBe(0);
    const follower = stage.startDrover(['follow']);
    await follower.said(/waiting until ready/);
    expect((await stage.mustDrover(['cancel'])).output).toMatch(/was cancelled/);
    expect((await follower.result).exitCode).toBe(130);
  },
);

scenario('a server that is killed in the middle is waited for', { timeoutMs: 180_000 }, async (stage) => {
  await stage.write('compose.yaml', patient);
  const running = stage.startDrover(['up']);
  await running.said(/waiting until ready/);
  await stage.server.kill();
  await sleep(300);
  await stage.server.start();
  const [app] = await stage.engine.service('box', 'app');
  await stage.host.exec(['docker', 'exec', app?.name ?? '', 'touch', '/ready']);
  const result = await running.result;
  expect([result.exitCode, result.stderr]).toEqual([0, '']);
  expect(result.stdout.match(/plan: app created/g)).toHaveLength(1);
});

scenario('a deploy that fails: the reason, the log lines, what serves, exit code 1', {}, async (stage) => {
  await stage.write('compose.yaml', good);
  await stage.mustDrover(['up']);
  const sick = '    healthcheck: {test: ["CMD", "false"], interval: 200ms, retries: 2}\n';
  await stage.write(
    'compose.yaml',
    good.replace('["sleep", "600"]', '["sh", "-c", "echo no disk here; sleep 600"]') + sick,
  );
  const failed = await stage.mustDrover(['up'], 1);
  expect(failed.stderr).toMatch(/no disk here/);
  expect(failed.stderr).toMatch(/✘ deploy of box failed: .*box-app-1.*health/);
  expect(failed.stderr).toMatch(/Revision 1 of box serves, as before\./);
  const json = JSON.parse((await stage.mustDrover(['up', '--json'], 1)).stdout) as { deployment: DeploymentView };
  expect(json.deployment.failure?.logs?.join('\n')).toMatch(/no disk here/);
});

scenario('files, secrets and build contexts reach the containers, and secrets nothing else', {}, async (stage) => {
  await stage.write(
    'compose.yaml',
    `name: built
services:
  app:
    build: ./src
    environment:
      PLAIN: \${PLAIN}
    secrets: [file, env]
    command: ["sh", "-c", "cat /hello /run/secrets/file /run/secrets/env; echo $$PLAIN; sleep 600"]
    stop_grace_period: 0s
secrets:
  file: {file: ./secret.txt}
  env: {environment: FROM_SHELL}
`,
  );
  await stage.write('src/Dockerfile', 'FROM busybox:1.36\nCOPY . /\n');
  await stage.write('src/hello', `${'x'.repeat(100_000)}\nhello from the context\n`);
  await stage.write('secret.txt', 'secret-from-file\n');
  const env = { FROM_SHELL: 'secret-from-shell\n', PLAIN: 'plain-from-shell' };
  const up = await stage.mustDrover(['up'], 0, { env });
  const logs = (await stage.mustDrover(['logs', '--no-log-prefix'])).stdout;
  expect(logs).toMatch(/hello from the context\nsecret-from-file\nsecret-from-shell\nplain-from-shell/);
  const told = [
    up,
    await stage.mustDrover(['plan', '--json'], 0, { env }),
    await stage.mustDrover(['history', '--json']),
  ];
  for (const { output } of told) expect(output).not.toMatch(/secret-from/);
});

scenario('a refused field is left out knowingly, and stays so on the way back', {}, async (stage) => {
  await stage.write('compose.yaml', `${good}    use_api_socket: true\n`);
  const before = await stage.engine.everything();
  expect((await stage.mustDrover(['check'], 5)).stdout).toContain('or leave it out: --accept service.use_api_socket');
  await stage.mustDrover(['up'], 1);
  expect(await stage.engine.everything()).toEqual(before);
  const accept = ['--accept', 'service.use_api_socket'];
  expect((await stage.mustDrover(['plan', ...accept], 2)).output).toContain('is left out, as was accepted');
  await stage.mustDrover(['up', ...accept]);
  const mounts = async (): Promise<string> =>
    (await stage.mustDrover(['exec', '-T', 'app', 'sh', '-c', 'ls /var/run/docker.sock || true'])).stdout;
  expect(await mounts()).toBe('');
  await stage.mustDrover(['plan', ...accept], 0);
  await stage.write('compose.yaml', good.replace('600', '601'));
  await stage.mustDrover(['up']);
  await stage.mustDrover(['rollback', '1']);
  expect(await mounts()).toBe('');
  const history = (await stage.mustDrover(['history'])).stdout.split('\n');
  expect(history.filter((line) => line.includes('without service.use_api_socket'))).toHaveLength(2);
});

scenario('variables and secrets of a stack', {}, async (stage) => {
  await stage.write(
    'compose.yaml',
    `${good}    environment: {LEVEL: "\${LEVEL:-none}", PASSWORD: "\${PASSWORD:-none}"}\n`,
  );
  await stage.mustDrover(['up']);
  await stage.mustDrover(['set', 'LEVEL=debug']);
  const set = await stage.mustDrover(['set', '--secret', 'PASSWORD'], 0, { stdin: 'hush-hush\n' });
  const terminal = inTerminal(stage, ['set', '--secret', 'OTHER']);
  await terminal.said(/Value of OTHER: /);
  terminal.type('typed-hush\n');
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.output).not.toMatch(/typed-hush/);
  const listed = await stage.mustDrover(['vars', '--json']);
  expect((JSON.parse(listed.stdout) as VariableView[]).map(({ name, secret, value }) => [name, secret, value])).toEqual(
    [
      ['LEVEL', false, 'debug'],
      ['OTHER', true, undefined],
      ['PASSWORD', true, undefined],
    ],
  );
  const up = await stage.mustDrover(['up']);
  expect((await stage.mustDrover(['exec', '-T', 'app', 'sh', '-c', 'echo $LEVEL $PASSWORD'])).stdout).toBe(
    'debug hush-hush\n',
  );
  for (const { output } of [set, listed, up]) expect(output).not.toMatch(/hush-hush/);
  await stage.mustDrover(['unset', 'LEVEL', 'PASSWORD', 'OTHER']);
  await stage.mustDrover(['up']);
  expect((await stage.mustDrover(['exec', '-T', 'app', 'sh', '-c', 'echo $LEVEL $PASSWORD'])).stdout).toBe(
    'none none\n',
  );
});

scenario(
  'a project is adopted from any folder, with the files that docker compose was called with',
  {},
  async (stage) => {
    await stage.write('one.yaml', good);
    await stage.write('two.yaml', 'services:\n  app:\n    labels: {two: "yes"}\n');
    await stage.mustCompose(['-f', 'one.yaml', '-f', 'two.yaml', 'up', '-d']);
    const before = await stage.engine.ids('box');
    await stage.mustDrover(['adopt', 'box'], 0, { cwd: '/' });
    await stage.mustDrover(['-p', 'box', 'plan'], 0, { cwd: '/' });
    await stage.mustDrover(['-f', 'one.yaml', '-f', 'two.yaml', 'plan'], 0);
    await stage.mustDrover(['-f', 'one.yaml', 'plan'], 2);
    await stage.mustDrover(['redeploy', '-f', 'one.yaml', '-f', 'two.yaml']);
    expect(await stage.engine.ids('box')).toEqual(before);
    expect((await stage.mustDrover(['adopt', 'box'], 1)).stderr).toMatch(/already/);
    expect((await stage.mustDrover(['adopt', 'nothing'], 1)).stderr).toMatch(/nothing/);
  },
);

scenario('one-off containers', {}, async (stage) => {
  await stage.write('compose.yaml', good);
  const once = await stage.mustDrover(
    ['run', '--rm', '-T', '-e', 'A=1', 'app', 'sh', '-c', 'cat; echo $A >&2; exit 5'],
    5,
    { stdin: 'piped' },
  );
  expect([once.stdout, once.stderr]).toEqual(['piped', '1\n']);
  expect(await stage.engine.containers('box')).toEqual([]);
  const terminal = inTerminal(stage, ['run', '--rm', 'app', 'sh']);
  await terminal.said(/\/ # /);
  terminal.type('stty size; exit 6\n');
  await terminal.said(/30 100/);
  expect(await terminal.exitCode).toBe(6);
  const name = (await stage.mustDrover(['run', '-d', 'app', 'sleep', '600'])).stdout.trim();
  const started = await stage.host.exec(['docker', 'inspect', '-f', '{{.State.Running}}', name]);
  expect(started.stdout.trim()).toBe('true');
});

scenario('the control plane: link, login, token, backup', {}, async (stage) => {
  const home = join(stage.folder, 'home');
  const env = { XDG_CONFIG_HOME: home, DROVER_DATA: '/nowhere' };
  expect((await stage.mustDrover(['ls'], 4, { env })).stderr).toMatch(/there is no token/);
  const link = (await stage.mustDrover(['link'])).stdout.trim();
  expect((await stage.mustDrover(['login', link], 0, { env })).output).toMatch(/^Signed in to http/);
  await stage.mustDrover(['ls'], 0, { env });
  expect((await stage.mustDrover(['login', link], 4, { env })).stderr).toMatch(/used already/);
  const token = await readFile(join(stage.server.dataDir, 'admin-token'), 'utf8');
  await stage.mustDrover(['login', stage.server.url], 0, { env, stdin: token });
  expect(
    (await stage.mustDrover(['login', stage.server.url], 4, { env, stdin: 'wrong-token-of-mine' })).output,
  ).not.toMatch(/wrong-token-of-mine/);
  await stage.mustDrover(['token', 'rotate', '--yes']);
  expect((await stage.mustDrover(['ls'], 4, { env })).stderr).toMatch(/does not accept the saved token any more/);
  await stage.mustDrover(['ls']);
  const backup = (await stage.mustDrover(['backup'])).stdout.trim();
  expect(backup.startsWith(stage.server.dataDir)).toBe(true);
  await stage.mustDrover(['logout'], 0, { env });
  expect((await stage.mustDrover(['token', 'rotate'], 1)).stderr).toMatch(/say yes with --yes/);
});
