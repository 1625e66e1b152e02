import type { Kysely } from 'kysely';
import type { RegistryStore } from '../domain/credential/registries.ts';
import type { Sealer } from '../seal/sealer.ts';
import type { Schema } from './schema.ts';

export function registryStore(db: Kysely<Schema>, sealer: Sealer): RegistryStore {
  const place = (server: string) => `registry/${server}`;
  return {
    async list() {
      const rows = await db
        .selectFrom('registry')
        .select(['server', 'username', 'updated_at'])
        .orderBy('server')
        .execute();
      return rows.map(({ server, username, updated_at }) => ({ server, username, updatedAt: updated_at }));
    },
    async find(server) {
      const row = await db.selectFrom('registry').selectAll().where('server', '=', server).executeTakeFirst();
      if (row === undefined) return undefined;
      const password = sealer.open(place(server), row.sealed).toString('utf8');
      return { server, username: row.username, updatedAt: row.updated_at, password };
    },
    async save(server, username, password) {
      const row = {
        username,
        sealed: sealer.seal(place(server), Buffer.from(password)),
        updated_at: new Date().toISOString(),
      };
      await db
        .insertInto('registry')
        .values({ server, ...row })
        .onConflict((conflict) => conflict.column('server').doUpdateSet(row))
        .execute();
      return { server, username, updatedAt: row.updated_at };
    },
    async remove(server) {
      const { numDeletedRows } = await db.deleteFrom('registry').where('server', '=', server).executeTakeFirst();
      return numDeletedRows === 1n;
    },
  };
}
