import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose, follow, succeed } from './stage/follow.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  for (const image of ['web:1', 'web:2'])
    stage.engine.control.addImage(image, { config: { Cmd: ['run'] }, content: image });
});
afterEach(() => stage.stop());

const web = (image: string) =>
  compose(`services:\n  web:\n    image: ${image}\n    scale: 3\n    stop_grace_period: 0s\n`);
const images = async () => [...new Set((await stage.engine.containers.list()).map(({ Image }) => Image))];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test.each([0, 30, 80, 150, 250, 400])('a deploy that a stop cuts off after %i ms is gone on with', async (ms) => {
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: web('web:1') }));
  stage.engine.control.setLatency({ '*': 15 });
  const started = await stage.client.stacks.deploy({ name: 'shop', source: web('web:2') });
  await pause(ms);
  await stage.restart();
  const { deployment } = await follow(stage.client, started);
  expect(deployment).toMatchObject({ state: 'succeeded', servingRevision: 2 });
  stage.engine.control.setLatency({});
  expect(await images()).toEqual(['web:2']);
  expect(await stage.engine.containers.list({ all: true })).toHaveLength(3);
  expect(await stage.client.stacks.plan({ name: 'shop' })).toMatchObject({ empty: true });
});

test('a cancelled deploy that a stop cuts off is taken back', async () => {
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: web('web:1') }));
  stage.engine.control.setLatency({ '*': 40 });
  const started = await stage.client.stacks.deploy({ name: 'shop', source: web('web:2') });
  await pause(250);
  await stage.client.deployments.cancel({ id: started.deployment.id });
  await stage.restart();
  const { deployment } = await follow(stage.client, started);
  expect(deployment).toMatchObject({ state: 'cancelled', servingRevision: 1 });
  stage.engine.control.setLatency({});
  expect(await images()).toEqual(['web:1']);
  expect(await stage.engine.containers.list({ all: true })).toHaveLength(3);
});

test('a removal that a stop cuts off is gone on with, and a restart is ended truthfully', async () => {
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: web('web:1') }));
  stage.engine.control.setLatency({ '*': 40 });
  const restarting = await stage.client.stacks.restart({ name: 'shop' });
  await pause(60);
  await stage.restart();
  const restarted = await follow(stage.client, restarting);
  expect(restarted.deployment).toMatchObject({
    state: 'failed',
    failure: { reason: 'interrupted', message: expect.stringContaining('Drover ended while it ran') },
  });
  const removing = await stage.client.stacks.remove({ name: 'shop', timeout: 0 });
  await pause(60);
  await stage.restart();
  expect((await follow(stage.client, removing)).deployment.state).toBe('succeeded');
  expect(await stage.engine.containers.list({ all: true })).toEqual([]);
});

test('an engine that goes away in the middle of a deploy and comes back: the revision before is put back', async () => {
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: web('web:1') }));
  stage.engine.control.setLatency({ '*': 30 });
  const started = await stage.client.stacks.deploy({ name: 'shop', source: web('web:2') });
  await pause(200);
  stage.engine.control.disconnect();
  await pause(300);
  expect((await stage.client.system.info()).engine.state).toBe('unreachable');
  stage.engine.control.reconnect();
  const { deployment } = await follow(stage.client, started);
  expect(deployment.state).toMatch(/succeeded|failed/);
  stage.engine.control.setLatency({});
  const serving = deployment.state === 'failed' ? ['web:1'] : ['web:2'];
  expect(await images()).toEqual(serving);
  await expect.poll(async () => (await stage.client.system.info()).engine.state, { timeout: 5000 }).toBe('connected');
});
