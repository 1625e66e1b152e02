import { createFakeEngine } from '@drover/engine/fake';
import { describe } from 'vitest';
import { engineContract } from '../contract/contract.ts';

for (const apiVersion of ['1.41', '1.52']) {
  describe(`the fake engine, API ${apiVersion}`, () => {
    const engine = createFakeEngine({ apiVersion });
    engine.control.addImage('busybox', { config: { Cmd: ['sh'] } });
    engine.control.publishImage('hello', { config: { Cmd: ['true'] } });
    engineContract(() => ({ engine, image: 'busybox', pullable: 'hello' }));
  });
}
