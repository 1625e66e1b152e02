import type { Desired, SwarmDesired, SwarmFacts, SwarmImage } from '@drover/orchestration';

/** A revision as plans for a Swarm read it. */
export function toSwarmDesired(desired: Desired, facts: SwarmFacts): SwarmDesired {
  const images = [...desired.images].map(([key, image]): [string, SwarmImage] => {
    const { ref, runAs, config, platforms } = image;
    return [key, { ref, pinned: runAs, config, ...(platforms === undefined ? {} : { platforms }), local: image }];
  });
  return { ...desired, images: new Map(images), facts };
}
