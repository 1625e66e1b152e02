import type { Kysely } from 'kysely';
import type { SecretStore } from '../authority/secret-store.ts';
import type { Sealer } from '../seal/sealer.ts';
import type { Schema } from './schema.ts';
import { openJson, sealJson } from './sealed-json.ts';

export function secretStore(db: Kysely<Schema>, sealer: Sealer): SecretStore {
  const place = (name: string) => `secret/${name}`;
  return {
    async read<Value>(name: string) {
      const row = await db.selectFrom('meta').select('value').where('key', '=', place(name)).executeTakeFirst();
      return row === undefined ? undefined : openJson<Value>(sealer, place(name), row.value);
    },
    async write(name, value) {
      const row = { value: sealJson(sealer, place(name), value) };
      await db
        .insertInto('meta')
        .values({ key: place(name), ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute();
    },
  };
}
