import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from './stage/repository.ts';
import { startClient } from './swarm/client.ts';
import { inHost, SwarmStage } from './swarm/swarm-stage.ts';

const password = ['first-password-7d1', 'second-password-8e2'] as const;

let swarm: SwarmStage;
beforeAll(async () => {
  swarm = await SwarmStage.open({
    engines: ['28', '28', '28', '20.10'],
    images: ['busybox', 'echo'],
    files: join(repository, 'test', 'scenarios', 'swarm', 'app'),
  });
});
afterAll(async () => {
  await swarm?.close();
});

/** Deploys with a text of the files replaced, which has to end with this code, and answers what was said. */
async function upWith(from: string, to: string, exitCode = 0): Promise<string> {
  await swarm.stage.edit('compose.yaml', from, to);
  const { output } = await swarm.drover(['up'], exitCode);
  if (exitCode !== 0) await swarm.stage.edit('compose.yaml', to, from);
  return output;
}

const inDb = async (...command: string[]) => (await swarm.drover(['exec', '-T', 'db', ...command])).stdout;

test('hosts that join by one pasted line become a Swarm with three managers of the newest engines', async () => {
  const { leader, quorum, heartbeatMs, nodes, warnings } = await swarm.swarm();
  expect(leader).not.toBeNull();
  expect({ quorum, heartbeatMs, warnings }).toMatchObject({
    quorum: { managers: 3, reachable: 3 },
    heartbeatMs: 2_000,
    warnings: [],
  });
  const managers = nodes.filter(({ role }) => role === 'manager').map(({ name }) => name);
  expect(managers.sort()).toEqual(['n1', 'n2', 'n3']);
  const hosts = (await swarm.hosts()).map(({ name, state, facts }) => [name, state, facts?.engine?.version]);
  expect(hosts.sort()).toEqual([
    ['n1', 'ready', expect.stringMatching(/^28\./)],
    ['n2', 'ready', expect.stringMatching(/^28\./)],
    ['n3', 'ready', expect.stringMatching(/^28\./)],
    ['n4', 'ready', expect.stringMatching(/^20\.10\./)],
  ]);
});

test('a stack with a health check, a job, a secret and a config is deployed in order, and can be looked into on every host', async () => {
  const { output } = await swarm.drover(['up']);
  expect(output).toMatch(/its ports are published on the hosts that run a task/);
  const order = [
    'db: service wait done',
    'migrate: service create',
    'migrate: service wait done',
    'web: service create',
  ];
  expect(order.map((text) => output.indexOf(text)).sort((a, b) => a - b)).toEqual(
    order.map((text) => output.indexOf(text)),
  );
  expect(output.indexOf(order[0]!)).toBeGreaterThan(0);
  await swarm.drover(['plan', '--quiet']);

  const tasks = await swarm.containers('app');
  expect(new Set(tasks.map(({ host }) => host)).size).toBe(4);
  expect(tasks.filter(({ service, health }) => service === 'web' && health === 'healthy')).toHaveLength(4);
  const { stdout } = await swarm.drover(['logs', '--no-log-prefix']);
  expect(stdout.trim().split('\n')).toEqual([
    'echo v1 listens on port 8080',
    'migrated',
    ...Array(4).fill('echo v1 listens on port 8080'),
  ]);
  expect(await inDb('cat', '/run/secrets/password', '/etc/settings')).toBe(`${password[0]}colour=blue`);
  const names = await Promise.all(
    [1, 2, 3, 4].map(async (index) =>
      (await swarm.drover(['exec', '-T', '--index', `${index}`, 'web', 'hostname'])).stdout.trim(),
    ),
  );
  const containers = tasks.filter(({ service }) => service === 'web').map(({ id }) => id.slice(0, 12));
  expect(names.sort()).toEqual(containers.sort());
  expect((await swarm.drover(['ls'])).stdout).toMatch(/app +running/);
});

test('a worker that is lost is unreachable within 10 s and its tasks are back within 12 s', async () => {
  const { nodes } = await swarm.swarm();
  const lost = nodes.find(({ name }) => name === 'n4')!.nodeId;
  expect((await swarm.running('app_web')).some(({ nodeId }) => nodeId === lost)).toBe(true);
  await swarm.lab.host('n4').kill();
  const elsewhere = async () => (await swarm.running('app_web')).filter(({ nodeId }) => nodeId !== lost).length === 4;
  const [unreachable, back] = await Promise.all([
    swarm.untilHost('n4', 'unreachable'),
    swarm.until('its tasks run elsewhere', elsewhere),
  ]);
  console.log({ unreachable, back });
  expect(unreachable).toBeLessThan(10);
  expect(back).toBeLessThan(12);
  await swarm.boot(swarm.lab.host('n4'));
  await swarm.untilWhole();
  await swarm.drover(['plan', '--quiet']);
});

test('a service is scaled; a rotated secret and a changed config reach what uses them, and old ones go', async () => {
  expect((await swarm.drover(['up', '--scale', 'web=6'])).output).toMatch(/web scaled: replicas changed: 4 → 6/);
  expect(await swarm.running('app_web')).toHaveLength(6);
  await swarm.stage.write('password.txt', password[1]);
  const output = await upWith('colour=blue', 'colour=green');
  expect(output).toMatch(/db recreated: secret password changed; config \/etc\/settings changed/);
  expect(output).not.toContain(password[1]);
  expect(await inDb('cat', '/run/secrets/password', '/etc/settings')).toBe(`${password[1]}colour=green`);
  const standing = await swarm.standing('app');
  expect(standing.map((line) => line.replace(/-[0-9a-f]{12}$/, ''))).toEqual([
    'config app_settings',
    'network app_default',
    'secret app_password',
    'service app_db',
    'service app_migrate',
    'service app_web',
  ]);
});

test('a rolling update that starts first loses no request of a client on the network', async () => {
  const client = await startClient(swarm.lab.host('n1'), { network: 'app_default', url: 'http://web:8080/' });
  const output = await upWith('image: echo:v1\n    # It', 'image: echo:v2\n    # It');
  expect(output).toMatch(/web recreated: image/);
  const { requests, lost } = await client.end();
  console.log({ requests, lost });
  expect(lost).toEqual([]);
  expect(requests).toBeGreaterThan(20);
});

test('an update that fails brings the whole stack back, and says why', async () => {
  await inDb('sh', '-c', 'echo kept >/data/file');
  const before = await swarm.standing('app');
  await swarm.stage.edit('compose.yaml', 'LEVEL: "1"', 'LEVEL: "2"');
  const crash = await upWith('ECHO_IGNORE_TERM: "1"', 'ECHO_EXIT_AFTER: "0"\n      ECHO_EXIT_CODE: "3"', 1);
  console.log(crash);
  expect(crash).toMatch(/app_web\.\d on n\d ended with code 3/);
  await swarm.stage.edit('compose.yaml', 'LEVEL: "2"', 'LEVEL: "1"');
  expect(await inDb('sh', '-c', 'echo $LEVEL; cat /data/file')).toBe('1\nkept\n');
  await swarm.drover(['plan', '--quiet']);

  const missing = await upWith('image: echo:v2', 'image: echo:never-made', 1);
  console.log(missing);
  expect(missing).toMatch(/echo:never-made/);

  const placement = 'restart_policy:\n        condition: any';
  const unplaced = await upWith(
    placement,
    `placement: { constraints: ["node.labels.disk == ssd"] }\n      ${placement}`,
    1,
  );
  console.log(unplaced);
  expect(unplaced).toMatch(/no host can run it: 4 are without node\.labels\.disk == ssd \(n1, n2, n3, n4\)/);
  expect(await swarm.standing('app')).toEqual(before);
  await swarm.drover(['plan', '--quiet']);
});

test('a server that is killed in the middle of a deploy goes on with it', async () => {
  await swarm.stage.edit('compose.yaml', 'image: echo:v2', 'image: echo:v3');
  const up = swarm.startDrover(['up']);
  await up.said(/web: service update done/);
  await swarm.stage.server.kill();
  await swarm.stage.server.start();
  const { exitCode, output } = await up.result;
  console.log(exitCode, output);
  const [last] = await swarm.deployments('app');
  expect(last).toMatchObject({ action: 'deploy', state: 'succeeded' });
  expect(exitCode).toBe(0);
  await swarm.drover(['plan', '--quiet']);
  expect(await swarm.running('app_web')).toHaveLength(4);
});

test('a host that is cut off and healed: no task is lost, none is left twice', async () => {
  const { nodes, leader } = await swarm.swarm();
  const home = (await swarm.containers('app')).find(
    ({ service, state }) => service === 'db' && state === 'running',
  )?.host;
  const cut = nodes.find(({ name }) => name !== leader && name !== home && name !== 'n1')!;
  const host = swarm.lab.host(cut.name);
  await host.cut();
  const elsewhere = async () =>
    (await swarm.running('app_web')).filter(({ nodeId }) => nodeId !== cut.nodeId).length === 4;
  await Promise.all([swarm.untilHost(cut.name, 'unreachable'), swarm.until('four tasks run elsewhere', elsewhere)]);
  await host.heal();
  await swarm.untilWhole();
  await swarm.until('no task is there twice', async () => (await swarm.containersOf('app_web')).length === 4);
  expect(await swarm.containersOf('app_db')).toHaveLength(1);
  expect(await inDb('cat', '/data/file')).toBe('kept\n');
  await swarm.drover(['plan', '--quiet']);
});

test('a host that is drained is emptied, and its data stays where it is', async () => {
  const home = (await swarm.containers('app')).find(
    ({ service, state }) => service === 'db' && state === 'running',
  )?.host;
  console.log((await swarm.drover(['host', 'drain', '--dry-run', home!])).output);
  const r = await swarm.stage.drover(['-E', 'prod', 'host', 'drain', '--yes', home!]);
  console.log(r.exitCode, r.output);
  const r2 = await swarm.stage.drover(['-E', 'prod', 'host', 'drain', '--yes', '--stop-stuck', home!]);
  console.log(r2.exitCode, r2.output);
  console.log(
    (await swarm.drover(['ps'])).output,
    (await swarm.drover(['host', 'ls'])).output,
    (await swarm.drover(['ls'])).output,
  );
  await swarm.drover(['host', 'activate', home!]);
  await swarm.until('db is back', async () => (await swarm.running('app_db')).length === 1);
  expect(await inDb('cat', '/data/file')).toBe('kept\n');
});

test('a stack of docker stack deploy is adopted as it stands, with an empty plan', async () => {
  const text = `services:
  api: { image: busybox:1.36, command: ["sleep", "600"], stop_grace_period: 0s, deploy: { endpoint_mode: dnsrr } }
  web: { image: busybox:1.36, command: ["sleep", "600"], stop_grace_period: 0s, deploy: { endpoint_mode: dnsrr, replicas: 2 } }
`;
  await swarm.stage.write('taken/compose.yaml', `version: "3.9"\n${text}`);
  const file = join(swarm.stage.folder, 'taken', 'compose.yaml');
  await inHost(swarm.lab.host('n1'), `docker stack deploy --detach -c ${file} taken`);
  await swarm.until(
    'it runs',
    async () => (await swarm.running('taken_web')).length === 2 && (await swarm.running('taken_api')).length === 1,
  );
  const before = (await swarm.running('taken_web')).map(({ id }) => id).sort();
  console.log((await swarm.drover(['ls'])).output);
  console.log((await swarm.drover(['-p', 'taken', '-f', file, 'adopt', 'taken'])).output);
  const plan = await swarm.drover(['-p', 'taken', '-f', file, 'plan']);
  console.log(plan.output);
  expect((await swarm.running('taken_web')).map(({ id }) => id).sort()).toEqual(before);
  await swarm.drover(['-p', 'taken', 'down']);
  expect(await swarm.standing('taken')).toEqual([]);
});

test('when the leading manager is lost another leads, and deploys work again', async () => {
  const { leader } = await swarm.swarm();
  const began = performance.now();
  await swarm.lab.host(leader!).kill();
  const asked = leader === 'n1' ? 'n2' : 'n1';
  await swarm.stage.write(
    'late/compose.yaml',
    'services:\n  app:\n    image: busybox:1.36\n    command: ["sleep", "600"]\n    stop_grace_period: 0s\n    deploy: { replicas: 3 }\n',
  );
  const r = await swarm.stage.drover(['-E', 'prod', '-p', 'late', '-f', 'late/compose.yaml', 'up']);
  console.log(r.exitCode, r.output, performance.now() - began);
  console.log((await swarm.drover(['swarm', 'status'])).output);
  expect(await swarm.running('late_app', asked)).toHaveLength(3);
  await swarm.boot(swarm.lab.host(leader!));
  await swarm.untilWhole();
  await swarm.drover(['-p', 'late', 'down']);
});

test('a stack that is removed leaves nothing but its data', async () => {
  await swarm.drover(['down']);
  expect(await swarm.standing('app')).toEqual([]);
  expect((await swarm.drover(['volumes'])).stdout).toContain('app_db-data');
});
