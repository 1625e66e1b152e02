import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningProgram } from './stage/program.ts';
import { startClient } from './swarm/client.ts';
import { appPlan, inHost, SwarmStage } from './swarm/swarm-stage.ts';

/** How long the server is away in the last test, in seconds. */
const awayS = 300;

let swarm: SwarmStage;
beforeAll(async () => {
  swarm = await SwarmStage.open(appPlan);
  await swarm.drover(['up']);
});
afterAll(async () => {
  await swarm?.close();
});

/** The server dies without a last word, and comes back. */
async function restart(): Promise<void> {
  await swarm.stage.server.kill();
  await swarm.stage.server.start();
}

/** Restarts the server once a command has said something, and demands how the command ends. */
async function restartDuring(command: RunningProgram, said: RegExp, exitCode = 0): Promise<string> {
  await command.said(said);
  await restart();
  const result = await command.result;
  expect({ exitCode: result.exitCode, output: result.output }).toMatchObject({ exitCode });
  return result.output;
}

/** Everything is as the file says: the tasks that Drover counts, that the managers count, and that the engines have. */
async function expectWhole(tasks = 4): Promise<void> {
  await swarm.untilWhole();
  await swarm.until('the stack runs', async () => {
    const { state, running, wanted } = await swarm.stateOf('app');
    return state === 'running' && running === wanted;
  });
  await swarm.until('no task is there twice', async () => (await swarm.containersOf('app_web')).length === tasks);
  expect(await swarm.running('app_web')).toHaveLength(tasks);
  expect(await swarm.containersOf('app_db')).toHaveLength(1);
  await swarm.drover(['plan', '--quiet', ...(tasks === 4 ? [] : ['--scale', `web=${tasks}`])]);
}

/** A host that leads nothing, does not have the data, and is not the one that the tests ask. */
async function spareHost() {
  const { nodes, leader } = await swarm.swarm();
  const db = (await swarm.containers('app')).find(({ service, state }) => service === 'db' && state === 'running');
  const spare = nodes.filter(({ name }) => name !== leader && name !== db?.host && name !== 'n1');
  const node = spare.find(({ role }) => role === 'worker') ?? spare[0];
  if (node === undefined) throw new Error('every host has a part');
  return { node, host: swarm.lab.host(node.name) };
}

test('scaling', async () => {
  await restartDuring(swarm.startDrover(['up', '--scale', 'web=8']), /web: service update/);
  await expectWhole(8);
  await swarm.drover(['up', '--scale', 'web=4']);
  await expectWhole();
});

test('a rolling update under load', async () => {
  const client = await startClient(swarm.lab.host('n1'), { network: 'app_default', url: 'http://web:8080/' });
  await swarm.stage.edit('compose.yaml', 'image: echo:v1\n    # It', 'image: echo:v2\n    # It');
  const output = await restartDuring(swarm.startDrover(['up']), /web: service update/);
  expect(output).toMatch(/is deployed at revision/);
  await expectWhole();
  const { requests, lost } = await client.end();
  expect(lost).toEqual([]);
  expect(requests).toBeGreaterThan(20);
});

test('an update that fails and is rolled back', async () => {
  await swarm.stage.edit('compose.yaml', 'LEVEL: "1"', 'LEVEL: "2"');
  await swarm.stage.edit('compose.yaml', 'ECHO_IGNORE_TERM: "1"', 'ECHO_EXIT_AFTER: "0"');
  const output = await restartDuring(swarm.startDrover(['up']), /web: service update done/, 1);
  expect(output).toMatch(/app_web\.\d on n\d ended with code/);
  await swarm.stage.edit('compose.yaml', 'ECHO_EXIT_AFTER: "0"', 'ECHO_IGNORE_TERM: "1"');
  await swarm.stage.edit('compose.yaml', 'LEVEL: "2"', 'LEVEL: "1"');
  await expectWhole();
});

test('the loss of a worker', async () => {
  const { node, host } = await spareHost();
  await swarm.lose(host);
  await restart();
  await swarm.until('its tasks run elsewhere', async () => {
    const tasks = await swarm.running('app_web');
    return tasks.filter(({ nodeId }) => nodeId !== node.nodeId).length === 4;
  });
  // A server that just started gives its agents half a minute before it calls one lost.
  await swarm.untilHost(node.name, 'unreachable', 60);
  await swarm.boot(host);
  await expectWhole();
});

test('the loss of the leading manager', async () => {
  const { leader } = await swarm.swarm();
  const lost = swarm.lab.host(leader!);
  await swarm.lose(lost);
  await restart();
  const asked = leader === 'n1' ? 'n2' : 'n1';
  await swarm.until('another one leads', async () => ![null, leader].includes((await swarm.swarm()).leader), 60);
  await swarm.stage.edit('compose.yaml', 'LEVEL: "1"', 'LEVEL: "3"');
  await swarm.until('its tasks run elsewhere', async () => (await swarm.running('app_web', asked)).length === 4, 60);
  await swarm.boot(lost);
  await swarm.untilWhole();
  await swarm.drover(['up']);
  await expectWhole();
});

test('a host that is cut off and healed', async () => {
  const { node, host } = await spareHost();
  await host.cut();
  await restart();
  await swarm.untilHost(node.name, 'unreachable', 60);
  await restart();
  await host.heal();
  await expectWhole();
});

test('a drain', async () => {
  const { node } = await spareHost();
  const drain = swarm.startDrover(['host', 'drain', '--yes', node.name]);
  const output = await restartDuring(drain, /starting \d of app_web elsewhere|stopping what runs/);
  expect(output).toContain(`${node.name} is drained`);
  const left = (await swarm.containers('app')).filter(({ host, state }) => host === node.name && state === 'running');
  expect(left).toEqual([]);
  await swarm.drover(['host', 'activate', node.name]);
  await expectWhole();
});

test(`the server is away for ${awayS / 60} minutes: what runs goes on, a lost host too, and the agents come back`, async () => {
  const client = await startClient(swarm.lab.host('n1'), { network: 'app_default', url: 'http://web:8080/' });
  const { node, host } = await spareHost();
  const agents = await agentProcesses();
  await swarm.stage.server.kill();
  await sleep((awayS * 1000) / 3);
  await swarm.lose(host);
  await sleep((awayS * 1000) / 3);
  expect((await swarm.running('app_web')).filter(({ nodeId }) => nodeId !== node.nodeId)).toHaveLength(4);
  await swarm.boot(host);
  await sleep((awayS * 1000) / 3);
  await swarm.stage.server.start();
  const back = await swarm.until(
    'all agents are back',
    async () => (await swarm.hosts()).every(({ state }) => state === 'ready'),
    60,
  );
  expect(back).toBeLessThan(20);
  await expectWhole();
  const { requests, lost } = await client.end();
  expect(requests).toBeGreaterThan(200);
  // Who asked a task in the moment in which its host lost its power got no answer; nobody else.
  expect(lost.length).toBeLessThan(10);
  const after = await agentProcesses();
  for (const [name, pid] of agents) if (name !== node.name) expect(after.get(name)).toBe(pid);
});

/** The process of each host's agent, by the host's name. */
async function agentProcesses(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const host of swarm.lab.hosts) found.set(host.name, (await inHost(host, 'pgrep -of drover-agent')).trim());
  return found;
}
