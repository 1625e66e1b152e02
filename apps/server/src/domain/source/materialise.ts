import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, symlink, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { messageOf } from '@drover/base';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from './blob-store.ts';
import type { SourceFile } from './source.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY, O_CREAT, O_EXCL, O_WRONLY } = constants;

/**
 * Writes files of a bundle below a folder. Every step of a path is opened from its parent's handle and never through a symbolic
 * link, so that whatever else lies in the folder (a container may write there) cannot lead out of it. Each file is replaced whole.
 */
export async function materialise(
  files: readonly SourceFile[],
  folder: string,
  blobs: BlobStore,
  signal?: AbortSignal,
): Promise<void> {
  // Links last: nothing is written through one of the bundle's own.
  const ordered = [...files].sort((a, b) => Number('link' in a) - Number('link' in b));
  for (const file of ordered) {
    signal?.throwIfAborted();
    try {
      await withParent(folder, file.path, (parent, name) =>
        'folder' in file ? writeFolder(parent, name) : writeEntry(parent, name, file, blobs),
      );
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal('not-now', `writing ${file.path} below ${folder}: ${messageOf(error)}`);
    }
  }
}

/** Removes files that an earlier bundle brought, confined in the same way; what is gone already is left. */
export async function removeFiles(paths: readonly string[], folder: string): Promise<void> {
  for (const path of paths) {
    try {
      await withParent(folder, path, (parent, name) => unlink(`${parent}/${name}`));
    } catch {
      // Gone, or something else stands there now: both are left as they are.
    }
  }
}

async function writeFolder(parent: string, name: string): Promise<void> {
  await makeFolder(`${parent}/${name}`);
  const handle = await open(`${parent}/${name}`, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  await handle.close();
}

type WrittenFile = Exclude<SourceFile, { folder: true }>;

async function writeEntry(parent: string, name: string, file: WrittenFile, blobs: BlobStore): Promise<void> {
  const next = `${parent}/.drover-${process.pid}-${name.slice(0, 100)}`;
  await rm(next, { force: true });
  if ('link' in file) {
    await symlink(file.link, next);
  } else {
    const handle = await open(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      for await (const chunk of blobs.stream(file.sha256)) await handle.write(chunk);
      await handle.chmod(file.mode ?? 0o644);
    } finally {
      await handle.close();
    }
  }
  await rename(next, `${parent}/${name}`);
}

/** Calls `work` with a path that stands for the opened parent folder of `path`, made where it is not there. */
async function withParent<Result>(
  folder: string,
  path: string,
  work: (parent: string, name: string) => Promise<Result>,
): Promise<Result> {
  const handles: FileHandle[] = [await open(folder, O_RDONLY | O_DIRECTORY)];
  const parent = () => `/proc/self/fd/${handles.at(-1)?.fd}`;
  try {
    const steps = dirname(path) === '.' ? [] : dirname(path).split('/').filter(Boolean);
    for (const step of steps) {
      const next = `${parent()}/${step}`;
      const made = await makeFolder(next);
      const handle = await open(next, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      handles.push(handle);
      // A container that runs as another user must be able to read what is bound into it; the data folder itself stays closed.
      if (made) await handle.chmod(0o755);
    }
    return await work(parent(), basename(path));
  } finally {
    for (const handle of handles) await handle.close();
  }
}

async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
