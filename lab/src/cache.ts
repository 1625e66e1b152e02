import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import { cacheFolder } from './folders.ts';

/** A short name for everything that a cached thing is made from. */
export function recipeKey(recipe: unknown): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
}

/**
 * The folder of a cached thing, built first when it is not there: `build` fills a temporary folder that takes the final
 * name only once complete. Two processes that want the same thing build it once; different things build side by side.
 */
export async function cached(
  kind: string,
  name: string,
  recipe: unknown,
  build: (folder: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<string> {
  const entry = `${name}-${recipeKey(recipe)}`;
  const folder = join(cacheFolder(), kind, entry);
  if (await isThere(folder)) return touched(folder);
  return await withFileLock(
    join(cacheFolder(), 'locks', `${kind}-${entry}`),
    async () => {
      if (await isThere(folder)) return touched(folder);
      const unfinished = join(cacheFolder(), kind, `.${entry}`);
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished, { recursive: true });
      try {
        await build(unfinished);
        await rename(unfinished, folder);
      } catch (error) {
        await rm(unfinished, { recursive: true, force: true });
        throw error;
      }
      return folder;
    },
    signal,
  );
}

async function touched(folder: string): Promise<string> {
  const now = new Date();
  await utimes(folder, now, now);
  return folder;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
