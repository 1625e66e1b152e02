import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/**
 * Node's own SQLite in the shape that Kysely's SQLite dialect asks for. Statements are prepared once and kept, the most
 * recently used `keep` of them.
 */
export function toKyselyDatabase(database: DatabaseSync, keep = 200): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) {
        prepared.delete(sql);
        prepared.set(sql, known);
        return known;
      }
      const statement = toKyselyStatement(database.prepare(sql));
      if (sql === 'rollback') return onlyInTransaction(database, statement);
      prepared.set(sql, statement);
      if (prepared.size > keep) prepared.delete(prepared.keys().next().value ?? sql);
      return statement;
    },
  };
}

/** A full disk makes SQLite roll back by itself; to do so again would fail, and hide why. */
function onlyInTransaction(database: DatabaseSync, statement: SqliteStatement): SqliteStatement {
  return {
    ...statement,
    run: (parameters) => (database.isTransaction ? statement.run(parameters) : { changes: 0, lastInsertRowid: 0 }),
  };
}

function toKyselyStatement(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters.map(toSqlValue);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}

function toSqlValue(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value as SQLInputValue;
}
