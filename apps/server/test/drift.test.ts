import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose, succeed } from './stage/follow.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.engine.control.addImage('web:1', { config: { Cmd: ['run'] } });
});
afterEach(() => stage.stop());

const drift = async () => (await stage.client.stacks.get({ name: 'shop' })).drift;

test('what differs from the revision is shown and not repaired', { timeout: 40_000 }, async () => {
  const source = compose('services:\n  web:\n    image: web:1\n    stop_grace_period: 0s\n');
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source }));
  await expect.poll(drift, { timeout: 15_000, interval: 200 }).toBe(false);
  await stage.engine.containers.stop('shop-web-1', { timeout: 0 });
  await expect.poll(drift, { timeout: 15_000, interval: 200 }).toBe(true);
  expect(await stage.client.stacks.get({ name: 'shop' })).toMatchObject({ state: 'stopped', drift: true });
  expect(await stage.engine.containers.list()).toEqual([]);
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop' }));
  await expect.poll(drift, { timeout: 15_000, interval: 200 }).toBe(false);
});
