import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore } from '../source/blob-store.ts';
import { materialise, removeFiles } from '../source/materialise.ts';
import type { Source } from '../source/source.ts';

/**
 * The files of stacks that live in the data folder: written out when a revision is brought about, so that relative binds find
 * them. What containers wrote beside them is left alone.
 */
export class StackFiles {
  readonly #folder: string;
  readonly #blobs: BlobStore;

  constructor(folder: string, blobs: BlobStore) {
    this.#folder = folder;
    this.#blobs = blobs;
  }

  /** Makes the stack's folder hold the files of a source; those that only the one before had are removed. */
  async write(
    stack: string,
    source: Source | undefined,
    before: Source | undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    if (source === undefined || source.workingDir !== undefined) return;
    const folder = join(this.#folder, stack);
    await mkdir(folder, { recursive: true });
    const own = source.files.filter(({ path }) => !path.startsWith('/'));
    await materialise(own, folder, this.#blobs, signal);
    const paths = new Set(own.map(({ path }) => path));
    const gone = before?.workingDir === undefined ? (before?.files ?? []) : [];
    await removeFiles(
      gone.map(({ path }) => path).filter((path) => !path.startsWith('/') && !paths.has(path)),
      folder,
    );
  }

  /** Removes the files of a stack that is forgotten; what containers wrote stays. */
  async remove(stack: string, source: Source | undefined): Promise<void> {
    if (source === undefined || source.workingDir !== undefined) return;
    await removeFiles(
      source.files.map(({ path }) => path).filter((path) => !path.startsWith('/')),
      join(this.#folder, stack),
    );
  }
}
