import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClient } from './swarm/client.ts';
import { appPlan, inHost, SwarmStage } from './swarm/swarm-stage.ts';

const password = ['first-password-7d1', 'second-password-8e2'] as const;

let swarm: SwarmStage;
beforeAll(async () => {
  swarm = await SwarmStage.open(appPlan);
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

/** The host where the service with data runs. */
async function homeOfDb(): Promise<string> {
  const containers = await swarm.containers('app');
  const found = containers.find(({ service, state }) => service === 'db' && state === 'running');
  if (found?.host === undefined) throw new Error(`db runs nowhere: ${JSON.stringify(containers)}`);
  return found.host;
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

test('a stack with a health check, a job, a secret and a config is deployed in order, and every task can be reached', async () => {
  const { output: plan } = await swarm.drover(['plan'], 2);
  expect(plan).toMatch(/web: its name leads to the tasks in turn \(dnsrr\), since a host has no IPVS/);
  expect(plan).toMatch(
    /db: its ports are published on the hosts that run a task \(mode: host\), since a host has no IPVS/,
  );
  const { output } = await swarm.drover(['up']);
  expect(output).toMatch(/^warning: .*web: its name leads to the tasks in turn/m);
  const order = [
    'db: service wait done',
    'migrate: service create',
    'migrate: service wait done',
    'web: service create',
  ];
  const places = order.map((text) => output.indexOf(text));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  await swarm.drover(['plan', '--quiet']);

  const tasks = await swarm.containers('app');
  expect(new Set(tasks.map(({ host }) => host)).size).toBe(4);
  expect((await swarm.drover(['ps'])).stdout).toMatch(/^CONTAINER +HOST +SERVICE +STATE/);
  const { stdout } = await swarm.drover(['logs', '--no-log-prefix']);
  const listens = 'echo v1 listens on port 8080';
  expect(stdout.trim().split('\n')).toEqual([listens, 'migrated', listens, listens, listens, listens]);
  expect(await inDb('cat', '/run/secrets/password', '/etc/settings')).toBe(`${password[0]}colour=blue`);
  const answers = await Promise.all(
    ['1', '2', '3', '4'].map((index) => swarm.drover(['exec', '-T', '--index', index, 'web', 'hostname'])),
  );
  const containers = tasks.filter(({ service, health }) => service === 'web' && health === 'healthy');
  expect(answers.map((answer) => answer.stdout.trim()).sort()).toEqual(
    containers.map(({ id }) => id.slice(0, 12)).sort(),
  );
  expect(await swarm.stateOf('app')).toMatchObject({ state: 'running', running: 5, wanted: 5 });
});

test('a worker that is lost is unreachable soon, and its tasks run elsewhere', async () => {
  const lost = (await swarm.swarm()).nodes.find(({ name }) => name === 'n4')!.nodeId;
  expect((await swarm.running('app_web')).some(({ nodeId }) => nodeId === lost)).toBe(true);
  const elsewhere = async () => (await swarm.running('app_web')).filter(({ nodeId }) => nodeId !== lost).length === 4;
  await Promise.all([
    swarm.untilHost('n4', 'unreachable'),
    swarm.until('its tasks run elsewhere', elsewhere),
    swarm.lose(swarm.lab.host('n4')),
  ]);
  expect(await swarm.stateOf('app')).toMatchObject({ running: 5, wanted: 5 });
  const { stdout, stderr } = await swarm.drover(['logs', '--no-log-prefix', '--tail', '1']);
  expect(stderr).toMatch(/^warning: lines of n4 are missing: the host n4 is unreachable/m);
  expect(stdout).toMatch(/^echo v1 listens/m);

  // Tasks that a lost host should stop stay for a day, and hold nobody up.
  const before = await swarm.standing('app');
  const policy = 'restart_policy:\n        condition: any';
  const unplaced = await upWith(policy, `placement: { constraints: ["node.labels.disk == ssd"] }\n      ${policy}`, 1);
  expect(unplaced).toMatch(
    /no host can run it: 3 are without node\.labels\.disk == ssd \(n1, n2, n3\); 1 is not ready and active \(n4\)/,
  );
  expect(await swarm.standing('app')).toEqual(before);
  await swarm.boot(swarm.lab.host('n4'));
  await swarm.untilWhole();
  await swarm.drover(['plan', '--quiet']);
});

test('a service is scaled; a rotated secret and a changed config reach what uses them, and the old ones go', async () => {
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
  expect(lost, lost.length === 0 ? '' : (await swarm.history('app_web')).join('\n')).toEqual([]);
  expect(requests).toBeGreaterThan(20);
});

test('an update that fails brings the whole stack back, and says why', async () => {
  await inDb('sh', '-c', 'echo kept >/data/file');
  const before = await swarm.standing('app');
  await swarm.stage.edit('compose.yaml', 'LEVEL: "1"', 'LEVEL: "2"');
  const crash = await upWith('ECHO_IGNORE_TERM: "1"', 'ECHO_EXIT_AFTER: "0"\n      ECHO_EXIT_CODE: "3"', 1);
  expect(crash).toMatch(/db recreated: environment LEVEL changed/);
  expect(crash).toMatch(/failed: waiting for app_web to run: app_web\.\d on n\d ended with code 3/);
  await swarm.stage.edit('compose.yaml', 'LEVEL: "2"', 'LEVEL: "1"');
  expect(await inDb('sh', '-c', 'echo $LEVEL; cat /data/file')).toBe('1\nkept\n');
  await swarm.drover(['plan', '--quiet']);

  const missing = await upWith('image: echo:v2', 'image: echo:never-made', 1);
  expect(missing).toMatch(/failed: web: pulling echo:never-made: /);
  expect(await swarm.standing('app')).toEqual(before);
  await swarm.drover(['plan', '--quiet']);
});

test('a one-off command runs where the data of its service is, on the network of the stack', async () => {
  const command = ['sh', '-c', 'cat /data/file /run/secrets/password; wget -q -O - http://web:8080/; exit 5'];
  const { stdout } = await swarm.drover(['run', '--rm', '-T', 'db', ...command], 5);
  expect(stdout).toMatch(/^kept\nsecond-password-8e2\{.*"version":"v2"\}\n$/);
  const name = (await swarm.drover(['run', '-d', 'db', 'sleep', '600'])).stdout.trim();
  const home = await homeOfDb();
  await swarm.until('it runs beside the service, alone', async () => {
    const runs = await swarm.runs('app');
    return runs.length === 1 && runs.every((run) => run.name === name && run.host === home && run.state === 'running');
  });
  // A container that an earlier deploy stopped may still have its grace period.
  await swarm.until('all of the stack runs, and the run is none of it', async () => {
    const { state, running } = await swarm.stateOf('app');
    return state === 'running' && running === 5;
  });
  await swarm.drover(['plan', '--quiet']);
});

test('a server that is killed in the middle of a deploy goes on with it', async () => {
  await swarm.stage.edit('compose.yaml', 'image: echo:v2', 'image: echo:v3');
  const up = swarm.startDrover(['up']);
  await up.said(/web: service update done/);
  await swarm.stage.server.kill();
  await swarm.stage.server.start();
  const { exitCode, output } = await up.result;
  expect({ exitCode, output }).toMatchObject({
    exitCode: 0,
    output: expect.stringMatching(
      /Drover was restarted meanwhile.*is deployed at revision \d+: 1 recreated, 2 unchanged/s,
    ),
  });
  expect((await swarm.deployments('app'))[0]).toMatchObject({ action: 'deploy', state: 'succeeded' });
  await swarm.drover(['plan', '--quiet']);
  expect(await swarm.running('app_web')).toHaveLength(4);
});

test('a host that is cut off and healed: no task is lost, none is left twice', async () => {
  const { nodes, leader } = await swarm.swarm();
  const home = await homeOfDb();
  const others = nodes.filter(({ name }) => name !== leader && name !== home && name !== 'n1');
  const cut = others.find(({ role }) => role === 'worker') ?? others[0]!;
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

test('a host is drained: first it is said what cannot move, and data stays where it is', async () => {
  const home = await homeOfDb();
  const preview = (await swarm.drover(['host', 'drain', '--dry-run', home])).stdout;
  expect(preview).toMatch(/cannot move: 1 task of app_db: /);
  expect(preview).toMatch(/stays behind: volume app_db-data of app_db stays on this host/);
  const refused = await swarm.drover(['host', 'drain', '--yes', home], 1);
  expect(refused.stderr).toMatch(/no other host can take all tasks of app_db/);
  expect(await swarm.running('app_db')).toHaveLength(1);

  expect((await swarm.drover(['host', 'drain', '--yes', '--stop-stuck', home])).stdout).toMatch(/is drained/);
  const left = (await swarm.containers('app')).filter(({ host, state }) => host === home && state === 'running');
  expect(left).toEqual([]);
  await swarm.until('its loss is shown', async () => {
    const { state, running, wanted } = await swarm.stateOf('app');
    return state === 'degraded' && running === 4 && wanted === 5;
  });
  await swarm.until('it is said why', async () =>
    /^missing: db: app_db\.1 runs nowhere: /m.test((await swarm.drover(['ps'])).stdout),
  );
  await swarm.drover(['host', 'activate', home]);
  await swarm.until('db is back', async () => (await swarm.running('app_db')).length === 1);
  expect(await homeOfDb()).toBe(home);
  expect(await inDb('cat', '/data/file')).toBe('kept\n');
  await swarm.until('nothing differs', async () => (await swarm.stateOf('app')).drift === false);
});

test('a stack of docker stack deploy is adopted as it stands, with an empty plan', async () => {
  const service = 'image: busybox:1.36, command: ["sleep", "600"], stop_grace_period: 0s';
  await swarm.stage.write(
    'taken/compose.yaml',
    `version: "3.9"
services:
  api: { ${service}, volumes: ["data:/data"], deploy: { endpoint_mode: dnsrr } }
  web: { ${service}, deploy: { endpoint_mode: dnsrr, replicas: 2 } }
volumes: { data: {} }
`,
  );
  const file = join(swarm.stage.folder, 'taken', 'compose.yaml');
  await inHost(swarm.lab.host('n1'), `docker stack deploy --detach -c ${file} taken`);
  const tasks = async () => (await Promise.all(['taken_web', 'taken_api'].map((name) => swarm.running(name)))).flat();
  await swarm.until('it runs', async () => (await tasks()).length === 3);
  const before = (await tasks()).map(({ id }) => id).sort();
  const taken = ['-p', 'taken', '-f', file];
  expect((await swarm.drover([...taken, 'adopt', 'taken'])).output).toMatch(
    /taken is adopted at revision 1: 2 unchanged/,
  );
  await swarm.drover([...taken, 'plan', '--quiet']);
  expect((await tasks()).map(({ id }) => id).sort()).toEqual(before);
  const volumes = async () => (await swarm.drover(['volumes'])).stdout;
  expect(await volumes()).toMatch(/taken_data .*taken/);
  await swarm.drover(['-p', 'taken', 'down', '--volume', 'taken_data', '--yes']);
  expect(await swarm.standing('taken')).toEqual([]);
  expect(await volumes()).not.toContain('taken_data');
});

test('a task that ends at its start never passes for deployed', async () => {
  for (let round = 0; round < 5; round += 1) await demandRefused('exit 3');
});

test('a task that ends later is found out where it is watched for long enough', async () => {
  await demandRefused('sleep 1; exit 3', ['--monitor', '10s']);
});

test('a stack that is removed leaves nothing but its data', async () => {
  await swarm.drover(['down']);
  expect(await swarm.standing('app')).toEqual([]);
  expect(await swarm.containersOf('app_web')).toEqual([]);
  expect(await swarm.runs('app')).toEqual([]);
  expect((await swarm.drover(['volumes'])).stdout).toContain('app_db-data');
});

test('when the leading manager is lost a deploy waits for another one', async () => {
  const { leader } = await swarm.swarm();
  const lost = swarm.lab.host(leader!);
  await swarm.lose(lost);
  await swarm.stage.write(
    'late/compose.yaml',
    `services:
  app:
    image: busybox:1.36
    command: ["sleep", "600"]
    stop_grace_period: 0s
    deploy: { replicas: 3 }
`,
  );
  const late = ['-p', 'late', '-f', 'late/compose.yaml'];
  expect((await swarm.drover([...late, 'up'])).output).toMatch(/late is deployed at revision 1/);
  expect((await swarm.swarm()).leader).not.toBe(leader);
  expect(await swarm.running('late_app', leader === 'n1' ? 'n2' : 'n1')).toHaveLength(3);
});

/** Deploys a program that is not started again, and demands that its end is told and nothing of it stays. */
async function demandRefused(program: string, flags: readonly string[] = []): Promise<void> {
  await swarm.stage.write(
    'broken/compose.yaml',
    `services:
  app:
    image: busybox:1.36
    command: ["sh", "-c", "${program}"]
    deploy: { restart_policy: { condition: none } }
`,
  );
  const { output } = await swarm.drover(['-p', 'broken', '-f', 'broken/compose.yaml', 'up', ...flags], 1);
  expect(output).toMatch(/broken_app\.1 on n\d ended with code 3/);
  expect(await swarm.standing('broken')).toEqual([]);
}
