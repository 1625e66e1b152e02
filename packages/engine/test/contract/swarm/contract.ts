import { describe } from 'vitest';
import { blobContract } from './blobs.ts';
import { departureContract, membershipContract } from './membership.ts';
import { swarmOutputContract } from './output.ts';
import { refusalContract } from './refusals.ts';
import { drainContract, serviceContract } from './services.ts';
import type { GetSwarm } from './subject.ts';

/** Everything that both real Swarms and fake ones keep. The engines come and go outside any Swarm. */
export function swarmContract(get: GetSwarm): void {
  describe('becoming a Swarm', { concurrent: false }, () => membershipContract(get));
  describe('in a Swarm', () => {
    blobContract(get);
    refusalContract(get);
    serviceContract(get);
    swarmOutputContract(get);
  });
  describe('draining', { concurrent: false }, () => drainContract(get));
  describe('leaving', { concurrent: false }, () => departureContract(get));
}
