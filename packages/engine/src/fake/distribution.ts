import type { EngineDistribution } from '../api/distribution.ts';
import { familiarReference } from '../image-reference.ts';
import type { Gate } from './gate.ts';
import { publishedImage } from './images.ts';
import type { FakeWorld } from './world.ts';

export function createFakeDistribution(world: FakeWorld, gate: Gate): EngineDistribution {
  return {
    inspect: (reference, options) => {
      const call = { name: 'distribution.inspect', target: reference } as const;
      return gate.pass(call, `asking the registry for ${reference}`, options, () => {
        const definition = publishedImage(world, reference, options?.registryAuth);
        return {
          Descriptor: {
            mediaType: 'application/vnd.oci.image.manifest.v1+json',
            digest: world.imageId(familiarReference(reference), definition),
            size: 0,
          },
          Platforms: [{ architecture: definition.architecture ?? 'amd64', os: 'linux' }],
        };
      });
    },
  };
}
