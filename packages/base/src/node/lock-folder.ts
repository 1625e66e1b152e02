import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DroverError, messageOf } from '../errors.ts';

/** A folder is not this process's own. `folder-taken`: another process has it; `folder-lock`: it cannot be locked at all. */
export class FolderLockError extends DroverError {
  readonly code: 'folder-taken' | 'folder-lock';

  constructor(code: FolderLockError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Takes a folder for this process alone, and answers what gives it back. Throws `FolderLockError`. The file `lock` in it is an SQLite
 * database with a transaction that is never committed: the kernel frees its lock when the process dies, however it dies, also when
 * another program takes its place, so that no stale lock can stand in the way.
 */
export function lockFolder(path: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(path, 'lock'), { timeout: 0 });
    database.exec('pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    database?.close();
    const why = messageOf(cause);
    const code = /database is locked/i.test(why) ? 'folder-taken' : 'folder-lock';
    throw new FolderLockError(code, `locking the folder ${path}: ${why}`, { cause });
  }
  const held = database;
  return () => held.close();
}
