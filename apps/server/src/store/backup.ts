import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

export interface BackupRequest {
  readonly database: DatabaseSync;
  readonly keyFile: string;
  /** The folder that holds all backups. */
  readonly folder: string;
  /** The new one's name; unique. */
  readonly name: string;
}

/** A consistent copy of store and key as `FOLDER/NAME/{drover.db,key}`, whole or not there at all, on disk when this returns. */
export function backUp({ database, keyFile, folder, name }: BackupRequest): { path: string; sizeBytes: number } {
  const path = join(folder, name);
  const making = `${path}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  const store = join(making, 'drover.db');
  database.prepare('vacuum into ?').run(store);
  copyFileSync(keyFile, join(making, 'key'));
  let sizeBytes = 0;
  for (const file of readdirSync(making)) {
    const full = join(making, file);
    chmodSync(full, 0o600);
    sizeBytes += statSync(full).size;
    syncPath(full);
  }
  syncPath(making);
  renameSync(making, path);
  syncPath(folder);
  return { path, sizeBytes };
}

/** Removes all but the newest `keep` backups whose names begin with `prefix`; names sort by time. */
export function forgetOldBackups(folder: string, prefix: string, keep: number): void {
  const names = readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .sort();
  for (const name of names.slice(0, Math.max(0, names.length - keep)))
    rmSync(join(folder, name), { recursive: true, force: true });
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
