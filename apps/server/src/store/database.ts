import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { toKyselyDatabase } from './node-sqlite.ts';
import type { Schema } from './schema.ts';

/** An open store: Kysely for queries, the handle below for what is not a query. */
export interface Database {
  readonly sqlite: DatabaseSync;
  readonly kysely: Kysely<Schema>;
}

/**
 * Opens the file. A transaction that was committed is on disk (`synchronous=FULL`): what the API acknowledges survives a loss of
 * power.
 */
export function openDatabase(path: string): Database {
  const sqlite = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 1000');
  return {
    sqlite,
    kysely: new Kysely<Schema>({ dialect: new SqliteDialect({ database: toKyselyDatabase(sqlite) }) }),
  };
}
