import type { EngineDistribution } from '../api/distribution.ts';
import type { RemoteImage } from '../model/image.ts';
import { registryAuthHeader } from '../registry-auth.ts';
import type { EngineConnection } from './connection.ts';
import { imagePath } from './engine-call.ts';

export function createDistribution(connection: EngineConnection): EngineDistribution {
  return {
    inspect: async (reference, options) => {
      const doing = `asking the registry for ${reference}`;
      return await connection.json<RemoteImage>({
        method: 'GET',
        path: `/distribution/${imagePath(reference, doing)}/json`,
        headers: registryAuthHeader(options?.registryAuth),
        asksRegistry: true,
        doing,
        options,
      });
    },
  };
}
