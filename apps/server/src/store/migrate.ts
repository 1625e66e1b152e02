import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '@drover/base';
import { type Migration, migrations } from './migrations/all.ts';
import { StoreError } from './store-error.ts';

/** The number of the newest migration that the file has; 0 for an empty one. */
export function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('pragma user_version').get()?.user_version ?? 0);
}

export interface MigrateOptions {
  /** Called before the first migration of a store that holds something. */
  readonly backUp: (version: number) => void;
  readonly list?: readonly Migration[];
}

/** Brings the schema up to date, each migration in a transaction of its own. Refuses a store from a newer Drover. */
export function migrate(database: DatabaseSync, { backUp, list = migrations }: MigrateOptions): void {
  const version = schemaVersion(database);
  const newest = list.at(-1)?.number ?? 0;
  if (version > newest)
    throw new StoreError(
      `opening the store: it was written by a newer Drover (schema ${version}, this one knows ${newest}); start that one, or restore a backup`,
    );
  const pending = list.filter(({ number }) => number > version);
  if (pending.length > 0 && version > 0) backUp(version);
  for (const { number, name, sql } of pending) {
    database.exec('begin immediate');
    try {
      database.exec(sql);
      database.exec(`pragma user_version = ${number}`);
      database.exec('commit');
    } catch (cause) {
      database.exec('rollback');
      throw new StoreError(`migrating the store to ${number} (${name}): ${messageOf(cause)}; nothing was changed`, {
        cause,
      });
    }
  }
}
