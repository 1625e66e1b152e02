import type { HostView } from '@drover/contract';
import { createLab, type InitName, type Lab, type LabHost } from '@drover/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentScript, prepareCli, serverScript } from './stage/repository.ts';
import { Stage } from './stage/stage.ts';

const inits = ['systemd', 'openrc'] as const satisfies readonly InitName[];

/** What asks each init system about the agent, and what lies on the disk of a machine that has it. */
const seenBy = {
  systemd: {
    isActive: 'systemctl is-active --quiet drover-agent',
    files: '/etc/systemd/system/drover-agent.service /etc/systemd/system/multi-user.target.wants/drover-agent.service',
  },
  openrc: {
    isActive: 'rc-service drover-agent status',
    files: '/etc/init.d/drover-agent /etc/runlevels/default/drover-agent',
  },
} as const;

let lab: Lab;
let stage: Stage;
beforeAll(async () => {
  [lab] = await Promise.all([
    createLab({
      hosts: [
        { engine: '28' },
        { engine: '26' },
        ...inits.map((init) => ({ engine: '20.10' as const, init, name: init })),
      ],
      images: ['busybox'],
    }),
    serverScript(),
    prepareCli(),
    agentScript(),
  ]);
  const bridge = lab.registryAddress.split(':')[0];
  stage = await Stage.open({
    host: lab.host('n1'),
    oracle: lab.oracle,
    sharedDir: lab.sharedDir,
    serverEnv: { DROVER_AGENT_LISTEN: `${bridge}:8421` },
  });
});
afterAll(async () => {
  await stage?.close();
  await lab?.down();
});

async function hosts(): Promise<HostView[]> {
  return JSON.parse((await stage.mustDrover(['host', 'ls', '--json'])).stdout) as HostView[];
}

/** Waits until a host is so, for half a minute at most. */
async function until(name: string, isSo: (host: HostView) => boolean): Promise<void> {
  const began = performance.now();
  for (;;) {
    const host = (await hosts()).find((each) => each.name === name);
    if (host !== undefined && isSo(host)) return;
    if (performance.now() - began > 30_000) throw new Error(`${name} did not become so: ${JSON.stringify(host)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Runs in a host and demands that it succeeds. */
async function inHost(host: LabHost, line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await host.exec(['sh', '-c', line]);
  if (exitCode !== 0) throw new Error(`in ${host.name}: ${line}\nended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout + stderr;
}

test('two machines become hosts by one pasted line each; what happens to them is seen', async () => {
  const [n1, n2] = [lab.host('n1'), lab.host('n2')];
  await stage.mustDrover(['environment', 'create', 'one']);
  await stage.mustDrover(['environment', 'create', 'two']);
  const lineFor = async (environment: string) =>
    (await stage.mustDrover(['host', 'add', '-E', environment])).stdout.trim();
  const [one, two] = [await lineFor('one'), await lineFor('two')];
  // A man in the middle shows another key: curl sends and runs nothing.
  const wrong = await n1.exec(['sh', '-c', one.replace(/sha256\/\/.{6}/, 'sha256//AAAAAA')]);
  expect(wrong.stderr).toMatch(/pinned/);
  const said = await Promise.all([inHost(n1, one), inHost(n2, two)]);
  expect(said[0]).toContain('This machine is connected.');

  const listed = await hosts();
  expect(listed).toMatchObject([
    {
      name: 'n1',
      environment: 'one',
      state: 'ready',
      facts: { engine: { version: expect.stringMatching(/^28\.5/) }, os: 'linux' },
    },
    { name: 'n2', environment: 'two', state: 'ready', facts: { engine: { version: expect.stringMatching(/^26\.1/) } } },
  ]);
  expect((await stage.mustDrover(['host', 'ls'])).stdout).toMatch(/n1 +one +ready +\d+ +\d.*28\.5\.2/);
  expect((await stage.mustDrover(['host', 'inspect', 'n2'])).stdout).toMatch(/Load +CPU/);

  // No other user of a host sees the token, and the agent runs without it.
  const token = /DROVER_JOIN=(\S+)/.exec(one)?.[1] ?? '';
  expect(token).not.toBe('');
  const seen = await inHost(
    n1,
    'for each in /proc/[0-9]*; do tr "\\0" " " <$each/cmdline; tr "\\0" " " <$each/environ; done 2>/dev/null; true',
  );
  expect(seen).toContain('agent.mjs run');
  expect(seen.replaceAll(/sh -c .*/g, '')).not.toContain(token);
  const spent = await n2.exec(['sh', '-c', `${one.replace('| ', '| DROVER_AGENT_DATA=/root/other ')}`]);
  expect(spent.stderr + spent.stdout).toMatch(/the join token was used already/);
  expect(spent.exitCode).not.toBe(0);

  await stage.write(
    'compose.yaml',
    'name: box\nservices:\n  app:\n    image: busybox:1.36\n    command: ["sleep", "600"]\n    stop_grace_period: 0s\n',
  );
  await stage.mustDrover(['-E', 'two', 'up']);
  expect(await inHost(n2, 'docker ps --format "{{.Names}}"')).toContain('box-app-1');

  // Off the network without a word, as by a power failure.
  await n2.cut();
  await until('n2', ({ state }) => state === 'unreachable');
  await n2.heal();
  await until('n2', ({ state }) => state === 'ready');
  // With its host, the environment is back at once.
  await stage.mustDrover(['-E', 'two', 'info']);
  await n2.kill();
  await until('n2', ({ state }) => state === 'unreachable');
  await n2.start();
  // No init system runs in a lab host: this is what is to run at boot.
  await inHost(n2, '/usr/local/lib/drover-agent/start');
  await until('n2', ({ state }) => state === 'ready');

  await n1.stopEngine('SIGKILL');
  await until('n1', ({ problem }) => problem?.includes('its engine does not answer') === true);
  await n1.startEngine();
  await until('n1', ({ problem, facts }) => problem === undefined && facts?.engine !== undefined);

  await stage.server.stop();
  await stage.server.start();
  await until('n1', ({ state }) => state === 'ready');
  await until('n2', ({ state }) => state === 'ready');

  // Pasted again, long after its token was used up, the line repairs.
  await inHost(n1, `rm /usr/local/lib/drover-agent/agent.mjs; ${one}`);
  expect((await hosts()).map(({ id }) => id)).toEqual(listed.map(({ id }) => id));

  // An agent of an older build is brought up to the server's, and keeps its host.
  const older = 'cd /usr/local/lib/drover-agent && sed -i s/\\"0.1.0\\"/\\"0.0.9\\"/ agent.mjs && ./start';
  await inHost(n2, older);
  await until('n2', ({ state, upgradable }) => state === 'ready' && upgradable);
  expect((await stage.mustDrover(['host', 'upgrade', '--all'])).stdout).toContain('n2: runs 0.1.0');
  expect(await hosts()).toMatchObject([{ name: 'n1' }, { name: 'n2', agentVersion: '0.1.0', state: 'ready' }]);

  await stage.mustDrover(['host', 'rm', '--yes', 'n1']);
  await inHost(
    n1,
    'for i in 1 2 3 4 5 6 7 8 9; do grep -q "was removed" /var/log/drover-agent.log && exit 0; sleep 0.3; done; exit 1',
  );
  expect((await hosts()).map(({ name }) => name)).toEqual(['n2']);
});

test('the agent as a container, from an image that the server made', async () => {
  const n1 = lab.host('n1');
  await stage.mustDrover(['environment', 'create', 'boxed']);
  const line = (await stage.mustDrover(['host', 'add', '-E', 'boxed', '--container'])).stdout.trim();
  expect(await inHost(n1, line)).toContain('This machine is connected.');
  await until('n1', ({ state, facts }) => state === 'ready' && facts?.engine !== undefined);
  expect(await inHost(n1, 'docker inspect drover-agent')).not.toContain('DROVER_JOIN');
  await stage.mustDrover(['-E', 'boxed', 'images']);
  // Run again, it repairs.
  expect(await inHost(n1, line)).toContain('This machine is connected.');
  await until('n1', ({ state }) => state === 'ready');
});

test.for(inits)(
  'under %s the agent is a service: it is there again after the loss of its process and of its machine',
  async (init) => {
    const host = lab.host(init);
    await stage.mustDrover(['environment', 'create', init]);
    const line = (await stage.mustDrover(['host', 'add', '-E', init])).stdout.trim();
    const said = await inHost(host, line);
    expect(said).toContain('This machine is connected.');
    expect(said).not.toContain('Neither systemd nor OpenRC');
    await inHost(host, `${seenBy[init].isActive} && ls ${seenBy[init].files}`);
    await until(init, ({ state, facts }) => state === 'ready' && facts?.engine !== undefined);

    const agent = async () => (await inHost(host, "pgrep -f '^/usr/local/lib/drover-agent/node .*mjs run'")).trim();
    const first = await agent();
    await inHost(host, `kill -KILL ${first}`);
    await until(init, ({ state }) => state !== 'ready');
    await until(init, ({ state }) => state === 'ready');
    expect(await agent()).not.toBe(first);

    // An older build is brought up to the server's: the same process, so that the init system keeps its eye on it.
    await inHost(
      host,
      `cd /usr/local/lib/drover-agent && sed -i s/\\"0.1.0\\"/\\"0.0.9\\"/ agent.mjs && kill -KILL ${await agent()}`,
    );
    await until(init, ({ state, upgradable }) => state === 'ready' && upgradable);
    const older = await agent();
    expect((await stage.mustDrover(['host', 'upgrade', init])).stdout).toContain(`${init}: runs 0.1.0`);
    expect(await agent()).toBe(older);

    await host.kill();
    await until(init, ({ state }) => state === 'unreachable');
    await host.start();
    await until(init, ({ state, facts }) => state === 'ready' && facts?.engine !== undefined);
    await inHost(host, seenBy[init].isActive);
    await stage.mustDrover(['-E', init, 'info']);

    expect(await inHost(host, '/usr/local/lib/drover-agent/uninstall')).toContain('The agent is gone.');
    await until(init, ({ state }) => state === 'unreachable');
    const left = `${seenBy[init].files} /usr/local/lib/drover-agent /var/lib/drover-agent`;
    await inHost(host, `for each in ${left}; do [ ! -e $each ] || { echo $each is left; exit 1; }; done`);
    expect((await host.exec(['sh', '-c', seenBy[init].isActive])).exitCode).not.toBe(0);
    expect((await host.exec(['pgrep', '-f', '^/usr/local/lib/drover-agent/node '])).stdout).toBe('');
  },
);
