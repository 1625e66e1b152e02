import { createEngine, dialerFor, type Engine } from '@drover/engine';
import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe } from 'vitest';
import { engineContract } from '../contract/contract.ts';

const editions: readonly EngineName[] = ['20.10', '26', '28'];

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox', 'echo'] });
});

afterAll(async () => {
  await lab?.down();
});

for (const [index, edition] of editions.entries()) {
  describe.concurrent(`Docker Engine ${edition}`, () => {
    let engine: Engine;

    beforeAll(async () => {
      engine = createEngine({ dialer: dialerFor(lab.hosts[index]!.dockerHost) });
      for await (const _ of engine.images.pull('busybox'));
    });

    afterAll(() => engine.close());

    engineContract(() => ({ engine, image: 'busybox', pullable: 'echo' }));
  });
}
