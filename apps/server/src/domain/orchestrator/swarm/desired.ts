import type { Desired, SwarmDesired, SwarmImage } from '@drover/orchestration';
import { type SwarmMembers, swarmFactsOf } from './members.ts';

/** A revision as plans for a Swarm read it. */
export function toSwarmDesired(desired: Desired, members: SwarmMembers): SwarmDesired {
  const images = [...desired.images].map(([key, image]): [string, SwarmImage] => {
    const { ref, runAs, config, platforms } = image;
    return [key, { ref, pinned: runAs, config, ...(platforms === undefined ? {} : { platforms }), local: image }];
  });
  const placed = members.placements.of(desired.identity.name);
  return { ...desired, images: new Map(images), facts: swarmFactsOf(members), placed };
}
