import { messageOf } from '@drover/base';
import { defaultLimits, parseDotenv, type Variables } from '@drover/compose';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from './blob-store.ts';
import type { Environment, Source } from './source.ts';

/**
 * All variables that Compose files are interpolated with. Those kept with the stack win over the client's own, and these over
 * env files; of two env files the later one wins.
 */
export async function interpolationEnvironment(
  source: Source,
  blobs: BlobStore,
  given: { readonly environment: Environment; readonly variables: readonly { name: string; value: string }[] },
): Promise<ReadonlyMap<string, string>> {
  const strong = new Map(Object.entries(given.environment));
  for (const { name, value } of given.variables) strong.set(name, value);
  const merged: Variables = new Map();
  const budget = { left: defaultLimits.interpolatedChars };
  for (const path of envFilesOf(source)) {
    const file = source.files.find((each) => each.path === path);
    if (file === undefined || !('sha256' in file)) continue;
    try {
      parseDotenv((await blobs.read(file.sha256)).toString('utf8'), merged, (name) => strong.get(name), { budget });
    } catch (error) {
      throw new Refusal('invalid-source', `reading ${path}: ${messageOf(error)}`);
    }
  }
  for (const [name, value] of strong) merged.set(name, value);
  return merged;
}

/** The env files that are read: those named, else `.env` where there is one. */
export function envFilesOf({ envFiles, files }: Source): readonly string[] {
  if (envFiles !== undefined && envFiles.length > 0) return envFiles;
  return files.some(({ path }) => path === '.env') ? ['.env'] : [];
}
