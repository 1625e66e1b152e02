import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DroverError, messageOf } from '@drover/base';

/** Where everything of one Drover lies. The folder is 0700 and its files 0600. */
export interface DataFolder {
  readonly path: string;
  readonly store: string;
  readonly key: string;
  readonly adminToken: string;
  readonly blobs: string;
  readonly stacks: string;
  /** The same of environments other than `local`: `NAME/stacks`. */
  readonly environments: string;
  /** What lives only as long as a piece of work: unpacked build contexts. Emptied at start. */
  readonly work: string;
  readonly backups: string;
  /** Lets another server have the folder. */
  release(): void;
}

/** The data folder cannot be used. */
export class DataFolderError extends DroverError {
  readonly code = 'data-folder';
}

/** The folder when `DROVER_DATA` says nothing. */
export function defaultDataFolder(): string {
  return process.getuid?.() === 0 ? '/var/lib/drover' : join(homedir(), '.local', 'share', 'drover');
}

/** Makes the folder where it is not there, and takes it for this process alone. */
export function openDataFolder(path: string): DataFolder {
  const folder = {
    path,
    store: join(path, 'drover.db'),
    key: join(path, 'key'),
    adminToken: join(path, 'admin-token'),
    blobs: join(path, 'blobs'),
    stacks: join(path, 'stacks'),
    environments: join(path, 'environments'),
    work: join(path, 'work'),
    backups: join(path, 'backups'),
  };
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (cause) {
    throw new DataFolderError(`opening the data folder ${path}: ${messageOf(cause)}`, { cause });
  }
  const release = lock(path);
  try {
    rmSync(folder.work, { recursive: true, force: true });
    for (const each of [folder.blobs, folder.stacks, folder.environments, folder.work, folder.backups])
      mkdirSync(each, { recursive: true, mode: 0o700 });
  } catch (cause) {
    release();
    throw new DataFolderError(`opening the data folder ${path}: ${messageOf(cause)}`, { cause });
  }
  return { ...folder, release };
}

/**
 * An SQLite transaction that is never committed: the kernel frees its file lock when the process dies, however it dies, so that
 * no stale lock can stand in the way.
 */
function lock(path: string): () => void {
  const pidFile = join(path, 'server.pid');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
    database.exec('pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    database?.close();
    if (!isBusy(cause)) throw new DataFolderError(`locking the data folder ${path}: ${messageOf(cause)}`, { cause });
    throw new DataFolderError(
      `opening the data folder ${path}: another Drover${pidOf(pidFile)} uses it; stop that one, or choose another folder with DROVER_DATA`,
      { cause },
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  const held = database;
  return () => {
    rmSync(pidFile, { force: true });
    held.close();
  };
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && /database is locked/i.test(thrown.message);
}

function pidOf(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
