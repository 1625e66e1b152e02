import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { describe } from 'vitest';
import { containerContract } from '../contract/containers.ts';
import { engineContract } from '../contract/contract.ts';
import { networkContract } from '../contract/networks.ts';
import type { GetSubject } from '../contract/subject.ts';

function subject(apiVersion: string): GetSubject {
  const engine: FakeEngine = createFakeEngine({ apiVersion });
  engine.control.addImage('busybox', { config: { Cmd: ['sh'] } });
  engine.control.publishImage('hello', { config: { Cmd: ['true'] } });
  return () => ({ engine, image: 'busybox', pullable: 'hello' });
}

describe('the fake engine, API 1.51', () => engineContract(subject('1.51')));

// What differs by version lies in these.
describe('the fake engine, API 1.41', () => {
  containerContract(subject('1.41'));
  networkContract(subject('1.41'));
});
