import type { EngineImages, PullOptions } from '../api/images.ts';
import { speaks } from '../api-version.ts';
import { parseImageReference } from '../image-reference.ts';
import type { ImageInspect, ImageLayer, ImageRemoval, ImageSummary } from '../model/image.ts';
import { registryAuthHeader } from '../registry-auth.ts';
import type { EngineConnection } from './connection.ts';
import { filterText, imagePath } from './engine-call.ts';
import { decodeProgress } from './progress.ts';

export function createImages(connection: EngineConnection, build: EngineImages['build']): EngineImages {
  return {
    list: (options) =>
      connection.json<readonly ImageSummary[]>({
        method: 'GET',
        path: '/images/json',
        query: { all: options?.all, digests: options?.digests, filters: filterText(options?.filters) },
        doing: 'listing images',
        options,
      }),
    inspect: async (image, options) => {
      const doing = `reading image ${image}`;
      const manifests =
        options?.manifests === true && speaks(await connection.apiVersion(options), '1.48') ? true : undefined;
      return await connection.json<ImageInspect>({
        method: 'GET',
        path: `/images/${imagePath(image, doing)}/json`,
        query: { manifests },
        doing,
        options,
      });
    },
    pull: (reference, options) => pull(connection, reference, options),
    push: (reference, options) => push(connection, reference, options),
    tag: async (image, reference, options) => {
      const doing = `tagging image ${image} as ${reference}`;
      const { name, tag } = parseImageReference(reference);
      const query = { repo: name, tag: tag ?? 'latest' };
      await connection.done({ method: 'POST', path: `/images/${imagePath(image, doing)}/tag`, query, doing, options });
    },
    remove: async (image, options) => {
      const doing = `removing image ${image}`;
      const query = { force: options?.force, noprune: options?.noPrune };
      return await connection.json<readonly ImageRemoval[]>({
        method: 'DELETE',
        path: `/images/${imagePath(image, doing)}`,
        query,
        doing,
        options,
      });
    },
    load: (archive, options) => {
      const doing = options?.doing ?? 'loading images';
      return connection.stream(
        {
          method: 'POST',
          path: '/images/load',
          query: { quiet: options?.quiet },
          body: { type: 'application/x-tar', bytes: archive },
          doing,
          options,
        },
        (body) => decodeProgress(body, doing),
      );
    },
    save: async (images, options) => {
      const platform = platformText(options?.platform, await connection.apiVersion(options), '1.48');
      return await connection.open({
        method: 'GET',
        path: '/images/get',
        query: { names: images, platform },
        doing: `saving ${images.join(', ')}`,
        options,
      });
    },
    build,
    prune: async (options) => {
      const answer = await connection.json<{
        readonly ImagesDeleted: readonly ImageRemoval[] | null;
        readonly SpaceReclaimed: number;
      }>({
        method: 'POST',
        path: '/images/prune',
        query: { filters: filterText(options?.filters) },
        doing: 'removing unused images',
        options,
      });
      const removed = (answer.ImagesDeleted ?? []).flatMap((entry) =>
        'Deleted' in entry && entry.Deleted ? [entry.Deleted] : [],
      );
      return { removed, spaceReclaimed: answer.SpaceReclaimed };
    },
    pruneBuildCache: async (options) => {
      const answer = await connection.json<{
        readonly CachesDeleted: readonly string[] | null;
        readonly SpaceReclaimed: number;
      }>({
        method: 'POST',
        path: '/build/prune',
        query: { all: options?.all, filters: filterText(options?.filters) },
        doing: 'removing unused build results',
        options,
      });
      return { removed: answer.CachesDeleted ?? [], spaceReclaimed: answer.SpaceReclaimed };
    },
    history: async (image, options) => {
      const doing = `reading the history of image ${image}`;
      return await connection.json<readonly ImageLayer[]>({
        method: 'GET',
        path: `/images/${imagePath(image, doing)}/history`,
        doing,
        options,
      });
    },
  };
}

function pull(connection: EngineConnection, reference: string, options: PullOptions | undefined) {
  const { name, tag, digest } = parseImageReference(reference);
  const doing = options?.doing ?? `pulling ${reference}`;
  return connection.stream(
    {
      method: 'POST',
      path: '/images/create',
      // Without a tag the engine would pull them all.
      query: { fromImage: name, tag: digest ?? tag ?? 'latest', platform: options?.platform },
      headers: registryAuthHeader(options?.auth),
      asksRegistry: true,
      doing,
      options,
    },
    (body) => decodeProgress(body, doing),
  );
}

async function* push(connection: EngineConnection, reference: string, options: PullOptions | undefined) {
  const { name, tag } = parseImageReference(reference);
  const doing = options?.doing ?? `pushing ${reference}`;
  const platform = platformText(options?.platform, await connection.apiVersion(options), '1.46');
  yield* connection.stream(
    {
      method: 'POST',
      path: `/images/${imagePath(name, doing)}/push`,
      query: { tag: tag ?? 'latest', platform },
      // The engine refuses a push without the header, also where the registry asks for nothing.
      headers: registryAuthHeader(options?.auth ?? {}),
      asksRegistry: true,
      doing,
      options,
    },
    (body) => decodeProgress(body, doing),
  );
}

/** `os/architecture/variant` as the JSON that newer endpoints take; older ones take none. */
function platformText(
  platform: string | undefined,
  version: Parameters<typeof speaks>[0],
  since: string,
): string | undefined {
  if (platform === undefined || !speaks(version, since)) return undefined;
  const [os, architecture, variant] = platform.split('/');
  return JSON.stringify({ os, architecture, variant });
}
