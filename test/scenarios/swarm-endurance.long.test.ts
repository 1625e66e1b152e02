import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './stage/repository.ts';
import { residentMb } from './stage/resident-memory.ts';
import { inHost, SwarmStage } from './swarm/swarm-stage.ts';

const deploys = 500;
/** Deploys after which the server has everything in memory that it keeps. */
const warm = 50;

test(`${deploys} deploys in a row on a Swarm leave nothing over and no memory held`, async () => {
  await using swarm = await SwarmStage.open({
    engines: ['28', '28', '28'],
    images: ['busybox'],
    files: join(repository, 'test', 'scenarios', 'swarm', 'often'),
  });
  await swarm.drover(['up']);
  const kinds = async () => (await swarm.standing('often')).map((line) => line.replace(/-[0-9a-f]{12}$/, ''));
  const volumes = async () =>
    await Promise.all(swarm.lab.hosts.map((host) => inHost(host, 'docker volume ls --quiet')));
  const before = { kinds: await kinds(), volumes: await volumes() };
  let warmMb = 0;
  for (let round = 1; round <= deploys; round += 1) {
    await swarm.stage.edit('compose.yaml', `ROUND: "${round - 1}"`, `ROUND: "${round}"`);
    await swarm.stage.edit('compose.yaml', `round ${round - 1}"`, `round ${round}"`);
    await swarm.stage.write('word.txt', `word ${round}`);
    await swarm.drover(['up']);
    if (round === warm) warmMb = await residentMb(swarm.stage.server.pid);
  }
  await swarm.drover(['plan', '--quiet']);
  expect(await kinds()).toEqual(before.kinds);
  expect(await swarm.running('often_web')).toHaveLength(2);
  await swarm.until('two containers run', async () => (await swarm.containersOf('often_web')).length === 2);
  expect(await volumes()).toEqual(before.volumes);
  expect(await residentMb(swarm.stage.server.pid)).toBeLessThan(warmMb * 1.3);
  await swarm.drover(['down']);
  expect(await swarm.standing('often')).toEqual([]);
});
