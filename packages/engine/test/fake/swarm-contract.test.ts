import { createFakeSwarm } from '@drover/engine/fake';
import { describe } from 'vitest';
import { swarmContract } from '../contract/swarm/contract.ts';
import type { GetSwarm } from '../contract/swarm/subject.ts';

function subject(apiVersion: string, nodes: number): GetSwarm {
  // Programs run in their own time, so Swarm's monitors do too.
  const swarm = createFakeSwarm({ nodes, managers: 0, apiVersion, timeScale: 1 });
  swarm.addImage('busybox', { config: { Cmd: ['sh'] } });
  const manager = swarm.engine('n1');
  return () => ({
    manager,
    managerAddress: swarm.addressOf('n1'),
    worker: nodes > 1 ? swarm.engine('n2') : null,
    image: 'busybox',
  });
}

describe('a fake Swarm of two engines, API 1.51', () => swarmContract(subject('1.51', 2)));
describe('a fake Swarm of one engine, API 1.41', () => swarmContract(subject('1.41', 1)));
