import type { EngineImages } from '../api/images.ts';
import type { EngineConnection } from '../client/connection.ts';
import { EngineError } from '../engine-error.ts';
import type { Dialer } from '../transport/dialer.ts';
import { buildWithBuildx } from './buildx-build.ts';
import { buildClassic } from './classic-build.ts';
import { findBuildx } from './find-buildx.ts';
import { isRemoteContext } from './remote-context.ts';

/** The program for builds: its path, `null` for none, or undefined to look for it at the first build. */
export type BuildxChoice = string | null | undefined;

/**
 * Builds through buildx where it is installed, else through the engine's classic builder. Every Linux engine since 18.09
 * has BuildKit, also where its ping recommends the classic builder; Windows engines have none.
 */
export function createBuild(connection: EngineConnection, dial: Dialer, choice: BuildxChoice): EngineImages['build'] {
  let buildx = choice;
  return async function* (request, options = {}) {
    const doing = options.doing ?? `building ${request.tags[0] ?? 'an image'}`;
    if (!request.context.startsWith('/') && !isRemoteContext(request.context)) {
      throw new EngineError({
        code: 'bad-request',
        doing,
        reason: `the build context "${request.context}" is neither an absolute path nor a URL`,
      });
    }
    if (buildx === undefined) buildx = findBuildx(process.env);
    const { osType } = await connection.ping({ signal: options.signal, doing });
    if (buildx !== null && osType === 'linux') yield* buildWithBuildx(buildx, dial, request, { ...options, doing });
    else yield* buildClassic(connection, request, { ...options, doing });
  };
}
