import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '@drover/base';
import type { WatchRule } from './rule.ts';

export interface FolderWatchOptions {
  readonly rules: readonly WatchRule[];
  /** A file or folder changed, came or went; it may be told more than once. */
  readonly onChange: (path: string) => void;
  /** Watching a folder failed for this reason; the others go on. */
  readonly onProblem: (sentence: string) => void;
}

/**
 * Watches the files of rules, one watcher a folder, so that what no rule covers costs nothing.
 *
 * INVARIANTS
 * - A folder is watched before it is read: what comes into it is told by one of the two.
 * - After `stop` nothing is told.
 */
export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  #stopped = false;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
  }

  /** Resolves once every folder that stands now is watched. */
  async start(): Promise<void> {
    for (const { path, isFolder } of this.#options.rules) {
      if (isFolder) await this.#add(path, false);
      else this.#watch(dirname(path));
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Watches a folder and those below it; `isNew`: what they hold is told as changes. */
  async #add(folder: string, isNew: boolean): Promise<void> {
    if (this.#stopped || !this.#isMeant(folder)) return;
    this.#watch(folder);
    let entries: Awaited<ReturnType<typeof readTypes>>;
    try {
      entries = await readTypes(folder);
    } catch (error) {
      // Gone again, or closed to this user.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#problem(folder, error);
      return;
    }
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await this.#add(path, isNew);
      else if (isNew) this.#options.onChange(path);
    }
  }

  #isMeant(folder: string): boolean {
    return this.#options.rules.some(
      (rule) => rule.isFolder && (folder === rule.path || folder.startsWith(`${rule.path}/`)) && !rule.prunes(folder),
    );
  }

  #watch(folder: string): void {
    if (this.#stopped || this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null) void this.#changed(join(folder, name));
      });
      watcher.on('error', (error) => {
        this.#forget(folder);
        this.#problem(folder, error);
      });
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#problem(folder, error);
    }
  }

  async #changed(path: string): Promise<void> {
    const found = await lstat(path).catch(() => undefined);
    if (this.#stopped) return;
    if (found?.isDirectory()) {
      // A folder that came back under its name has a watcher of the one that went.
      this.#forget(path);
      await this.#add(path, true);
      return;
    }
    if (found === undefined) this.#forget(path);
    this.#options.onChange(path);
  }

  #forget(folder: string): void {
    for (const [path, watcher] of this.#watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
  }

  #problem(folder: string, error: unknown): void {
    if (this.#stopped) return;
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOSPC' ? 'the system allows no more watches (fs.inotify.max_user_watches)' : messageOf(error);
    this.#options.onProblem(`${folder} is not watched: ${why}`);
  }
}

function readTypes(folder: string) {
  return readdir(folder, { withFileTypes: true });
}
