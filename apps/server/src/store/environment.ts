import type { EnvironmentKind } from '@drover/contract';
import { type Kysely, sql } from 'kysely';
import {
  type EnvironmentRecord,
  type EnvironmentStore,
  localEnvironment,
} from '../domain/environment/environment-store.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Sealer } from '../seal/sealer.ts';
import { settingsPlace } from './place.ts';
import type { EnvironmentRow, Schema } from './schema.ts';
import { openJson, sealJson } from './sealed-json.ts';

type Db = Kysely<Schema>;

export function environmentStore(db: Db, sealer: Sealer): EnvironmentStore {
  return {
    async list() {
      const rows = await counted(db).orderBy(sql`name <> ${localEnvironment}`).orderBy('name').execute();
      return rows.map(toRecord);
    },
    async find(name) {
      const row = await counted(db).where('name', '=', name).executeTakeFirst();
      return row === undefined ? undefined : toRecord(row);
    },
    async add(name, kind) {
      const createdAt = new Date().toISOString();
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('environment')
        .values({ name, kind, created_at: createdAt, settings: null })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n)
        throw new Refusal('taken', `making the environment ${name}: there is one of that name`);
      return { name, kind, createdAt, stackCount: 0 };
    },
    async remove(name) {
      await db.transaction().execute(async (step) => {
        await refuseWhileUsed(step, name);
        await step.deleteFrom('environment').where('name', '=', name).execute();
      });
    },
    async settings<Settings>(name: string) {
      const row = await db.selectFrom('environment').select('settings').where('name', '=', name).executeTakeFirst();
      return row?.settings == null ? undefined : openJson<Settings>(sealer, settingsPlace(name), row.settings);
    },
    async saveSettings(name, settings) {
      const sealed = sealJson(sealer, settingsPlace(name), settings);
      await db.updateTable('environment').set({ settings: sealed }).where('name', '=', name).execute();
    },
  };
}

async function refuseWhileUsed(db: Db, name: string): Promise<void> {
  const stacks = await db.selectFrom('stack').select('name').where('environment', '=', name).orderBy('name').execute();
  const [first] = stacks;
  if (first !== undefined)
    throw new Refusal(
      'not-now',
      `removing the environment ${name}: it has ${stacks.length === 1 ? `the stack ${first.name}` : `${stacks.length} stacks, ${first.name} among them`}; remove and forget them first (drover -E ${name} down --forget)`,
    );
  const active = await db
    .selectFrom('deployment')
    .select(['id', 'stack'])
    .where('environment', '=', name)
    .where('state', 'in', ['planned', 'running'])
    .executeTakeFirst();
  if (active !== undefined)
    throw new Refusal(
      'not-now',
      `removing the environment ${name}: a deployment of ${active.stack} (${active.id}) is running`,
    );
}

function counted(db: Db) {
  return db
    .selectFrom('environment')
    .select(['name', 'kind', 'created_at'])
    .select((select) =>
      select
        .selectFrom('stack')
        .whereRef('stack.environment', '=', 'environment.name')
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('stack_count'),
    );
}

function toRecord(row: Omit<EnvironmentRow, 'settings'> & { stack_count: number | null }): EnvironmentRecord {
  return {
    name: row.name,
    kind: row.kind as EnvironmentKind,
    createdAt: row.created_at,
    stackCount: Number(row.stack_count ?? 0),
  };
}
