import { createLab, type Lab } from '@drover/lab';
import { type ImageEvent, resolveImages } from '@drover/orchestration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RealStage } from '../../packages/orchestration/test/real/real-stage.ts';

let lab: Lab;
let stage: RealStage;

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: '28' }], images: ['busybox'] });
  stage = new RealStage({
    dockerHost: lab.hosts[0]?.dockerHost ?? '',
    oracle: lab.oracle,
    folder: `${lab.sharedDir}/policy`,
  });
});

afterAll(async () => {
  stage?.engine.close();
  await lab?.down();
});

/** Whether Drover, and whether docker compose, asks the registry for the image. */
async function pulls(policy: string): Promise<[boolean, boolean]> {
  await stage.write({
    'compose.yaml': `services: { web: { image: busybox, network_mode: none, pull_policy: ${policy} } }\n`,
  });
  const said = await stage.compose('--progress=plain', 'create');
  await stage.down();
  const { project } = await stage.desired();
  const events: ImageEvent[] = [];
  await resolveImages({ engine: stage.engine, project, now: Date.now(), onEvent: (event) => events.push(event) });
  return [events.some(({ type }) => type === 'pulling'), /Pulling/.test(said)];
}

describe('pull_policy of an image that is there', () => {
  it.each([
    ['missing', false],
    ['if_not_present', false],
    ['refresh', false],
    ['never', false],
    ['always', true],
    ['every_1s', true],
    ['daily', true],
    ['weekly', true],
  ])('%s asks the registry: %s, as docker compose does', async (policy, expected) => {
    for await (const _ of stage.engine.images.pull('busybox'));
    expect(await pulls(policy)).toEqual([expected, expected]);
  });
});
