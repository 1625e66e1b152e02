import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@drover/base';
import type { Connection } from '../context.ts';
import type { LocalEntry } from '../source/build-context.ts';
import { uploadFiles } from '../source/upload.ts';
import { targetOf, type WatchRule } from './rule.ts';

/** What a synchronisation does in a container. */
export interface SyncPlan {
  /** By absolute path in the container. */
  readonly files: ReadonlyMap<string, LocalEntry>;
  readonly remove: readonly string[];
}

/** Bytes and paths in one call; the server takes 64 MB and 10 000. */
const callBytes = 32 * 1024 * 1024;
const callPaths = 2_000;
const largestFile = 64 * 1024 * 1024;

/** Reads what stands at changed paths now: files to write, and paths to remove where nothing stands any more. */
export async function planSync(rule: WatchRule, paths: readonly string[]): Promise<SyncPlan> {
  const files = new Map<string, LocalEntry>();
  const remove: string[] = [];
  for (const path of paths.filter(rule.covers)) {
    // Links are followed: what they lead to is what the program here would read.
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) remove.push(targetOf(rule, path));
    else if (found.isFile())
      files.set(targetOf(rule, path), { kind: 'file', file: path, size: found.size, mode: found.mode & 0o777 });
  }
  return { files, remove };
}

/** Every file that a rule covers. */
export async function planFullSync(rule: WatchRule): Promise<SyncPlan> {
  if (!rule.isFolder) return planSync(rule, [rule.path]);
  const paths: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) paths.push(path);
      else if (!rule.prunes(path)) await walk(path);
    }
  };
  await walk(rule.path);
  return planSync(rule, paths);
}

/** Carries a plan out in containers, removals first; says which files are too large. */
export async function sync(
  connection: Connection,
  containers: readonly string[],
  { files, remove }: SyncPlan,
  say: (sentence: string) => void,
): Promise<void> {
  const fitting = [...files].filter(([path, entry]) => {
    if (entry.kind !== 'file' || entry.size <= largestFile) return true;
    say(`${path} is not synchronised: it is larger than ${largestFile / 1024 ** 2} MB`);
    return false;
  });
  const { client } = connection;
  for (let at = 0; at < remove.length; at += callPaths)
    for (const id of containers)
      await client.containers.sync({ id, files: [], remove: remove.slice(at, at + callPaths) });
  for (const batch of batchesOf(fitting)) {
    const uploaded = await uploadFiles(connection, new Map(batch), () => {});
    for (const id of containers) await client.containers.sync({ id, files: uploaded, remove: [] });
  }
}

function batchesOf(files: readonly (readonly [string, LocalEntry])[]): (readonly [string, LocalEntry])[][] {
  const batches: (readonly [string, LocalEntry])[][] = [];
  let bytes = 0;
  for (const file of files) {
    const size = file[1].kind === 'file' ? file[1].size : 0;
    const last = batches.at(-1);
    if (last === undefined || last.length >= callPaths || bytes + size > callBytes) {
      batches.push([file]);
      bytes = size;
    } else {
      last.push(file);
      bytes += size;
    }
  }
  return batches;
}

/** The sentence of a failed piece of work; the watch goes on. */
export function failureSentence(what: string, error: unknown): string {
  return `${what}: ${messageOf(error)}`;
}
