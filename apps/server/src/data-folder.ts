import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DroverError, messageOf } from '@drover/base';
import { FolderLockError, lockFolder } from '@drover/base/node/lock-folder';

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

/** Takes the folder, with a note of who has it for the one that comes second. */
function lock(path: string): () => void {
  const pidFile = join(path, 'server.pid');
  const release = takeFolder(path, pidFile);
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return () => {
    rmSync(pidFile, { force: true });
    release();
  };
}

function takeFolder(path: string, pidFile: string): () => void {
  try {
    return lockFolder(path);
  } catch (cause) {
    const isTaken = cause instanceof FolderLockError && cause.code === 'folder-taken';
    const message = isTaken
      ? `opening the data folder ${path}: another Drover${pidOf(pidFile)} uses it; stop that one, or choose another folder with DROVER_DATA`
      : messageOf(cause);
    throw new DataFolderError(message, { cause });
  }
}

function pidOf(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
