import { createEngine, dialerFor, type Engine } from '@drover/engine';
import { createLab, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe } from 'vitest';
import { swarmContract } from '../contract/swarm/contract.ts';

let lab: Lab;
const engines: Engine[] = [];

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: '28' }, { engine: '28' }, { engine: '20.10' }], images: ['busybox'] });
  for (const host of lab.hosts) {
    const engine = createEngine({ dialer: dialerFor(host.dockerHost) });
    for await (const _ of engine.images.pull('busybox'));
    engines.push(engine);
  }
});

afterAll(async () => {
  for (const engine of engines) engine.close();
  await lab?.down();
});

describe.concurrent('a Swarm of two Docker Engines 28', () => {
  swarmContract(() => ({
    manager: engines[0] as Engine,
    managerAddress: lab.hosts[0]?.address ?? '',
    worker: engines[1] ?? null,
    image: 'busybox',
  }));
});

describe.concurrent('a Swarm of one Docker Engine 20.10', () => {
  swarmContract(() => ({
    manager: engines[2] as Engine,
    managerAddress: lab.hosts[2]?.address ?? '',
    worker: null,
    image: 'busybox',
  }));
});
