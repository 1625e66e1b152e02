import type { Kysely } from 'kysely';
import { Refusal } from '../domain/refusal.ts';
import type { Environment, Source } from '../domain/source/source.ts';
import type { RevisionContent, RevisionRecord, RevisionSummary, Variable } from '../domain/stack/revision.ts';
import type { StackRecord, StackStore, VariableRecord } from '../domain/stack/stack-store.ts';
import type { Sealer } from '../seal/sealer.ts';
import type { RevisionRow, Schema, StackRow } from './schema.ts';
import { openJson, sealJson } from './sealed-json.ts';

type Db = Kysely<Schema>;

/** Where each sealed thing of a stack belongs; see `Sealer`. */
export const places = {
  environment: (stack: string) => `stack/${stack}/environment`,
  variable: (stack: string, name: string) => `stack/${stack}/variable/${name}`,
  request: (deployment: string) => `deployment/${deployment}/request`,
  revision: (stack: string, number: number) => `stack/${stack}/revision/${number}`,
};

export function stackStore(db: Db, sealer: Sealer): StackStore {
  const withServing = () =>
    db
      .selectFrom('stack')
      .leftJoin('revision', (join) =>
        join.onRef('revision.stack', '=', 'stack.name').onRef('revision.number', '=', 'stack.serving_revision'),
      )
      .selectAll('stack')
      .select(['revision.summary', 'revision.source as serving_source']);

  return {
    async list() {
      return (await withServing().orderBy('stack.name').execute()).map(toStackRecord);
    },
    async find(name) {
      const row = await withServing().where('stack.name', '=', name).executeTakeFirst();
      return row === undefined ? undefined : toStackRecord(row);
    },
    async draft(name) {
      const row = await db
        .selectFrom('stack')
        .select(['source', 'environment'])
        .where('name', '=', name)
        .executeTakeFirst();
      if (row === undefined || row.source === null) return undefined;
      const environment =
        row.environment === null ? {} : openJson<Environment>(sealer, places.environment(name), row.environment);
      return { source: JSON.parse(row.source) as Source, environment };
    },
    async saveDraft(name, source, environment) {
      await writeDraft(db, sealer, name, source, environment);
    },
    async forget(name) {
      await db.deleteFrom('stack').where('name', '=', name).execute();
    },

    async variables(name) {
      const rows = await db.selectFrom('variable').selectAll().where('stack', '=', name).orderBy('name').execute();
      return rows.map((row) => ({
        name: row.name,
        secret: row.secret === 1,
        value: sealer.open(places.variable(name, row.name), row.sealed).toString('utf8'),
        updatedAt: row.updated_at,
      }));
    },
    async setVariable(name, variable) {
      return await db.transaction().execute(async (step) => {
        await ensureStack(step, name);
        return await writeVariable(step, sealer, name, variable);
      });
    },
    async unsetVariable(name, variable) {
      const { numDeletedRows } = await db
        .deleteFrom('variable')
        .where('stack', '=', name)
        .where('name', '=', variable)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async revisions(name) {
      const rows = await revisionRows(db).where('stack', '=', name).orderBy('number', 'desc').execute();
      return rows.map(toRevisionRecord);
    },
    async revision(name, number) {
      const row = await revisionRows(db).where('stack', '=', name).where('number', '=', number).executeTakeFirst();
      return row === undefined ? undefined : toRevisionRecord(row);
    },
    async revisionContent(name, number) {
      const row = await db
        .selectFrom('revision')
        .select('sealed')
        .where('stack', '=', name)
        .where('number', '=', number)
        .executeTakeFirst();
      if (row === undefined)
        throw new Refusal('not-found', `looking for revision ${number} of ${name}: it is not (or no longer) kept`);
      return openJson<RevisionContent>(sealer, places.revision(name, number), row.sealed);
    },
    async allSources() {
      const rows = await db
        .selectFrom('stack')
        .select('source')
        .unionAll(db.selectFrom('revision').select('source'))
        .execute();
      const unfinished = await db
        .selectFrom('deployment')
        .select(['id', 'request'])
        .where('state', 'in', ['planned', 'running'])
        .execute();
      const requested = unfinished.map(({ id, request }) =>
        openJson<{ from?: { source: Source } }>(sealer, places.request(id), request),
      );
      return [
        ...rows.flatMap(({ source }) => (source === null ? [] : [JSON.parse(source) as Source])),
        ...requested.flatMap(({ from }) => (from === undefined ? [] : [from.source])),
      ];
    },
    async keptImages() {
      const rows = await db.selectFrom('revision').select(['stack', 'number', 'summary']).orderBy('number').execute();
      const kept = new Map<string, { stack: string; revision: number }>();
      for (const { stack, number, summary } of rows)
        for (const { imageId } of (JSON.parse(summary) as RevisionSummary).services)
          kept.set(imageId, { stack, revision: number });
      return kept;
    },
  };
}

/** Makes the stack where it is not there. */
export async function ensureStack(db: Db, name: string): Promise<void> {
  const now = new Date().toISOString();
  await db
    .insertInto('stack')
    .values({ name, created_at: now, updated_at: now, wanted: 'running', last_revision: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Makes the stack or replaces its files. */
export async function writeDraft(
  db: Db,
  sealer: Sealer,
  name: string,
  source: Source,
  environment: Environment | undefined,
): Promise<void> {
  await ensureStack(db, name);
  await db
    .updateTable('stack')
    .set({
      source: JSON.stringify(source),
      updated_at: new Date().toISOString(),
      ...(environment === undefined ? {} : { environment: sealJson(sealer, places.environment(name), environment) }),
    })
    .where('name', '=', name)
    .execute();
}

export async function writeVariable(
  db: Db,
  sealer: Sealer,
  stack: string,
  variable: Variable,
): Promise<VariableRecord> {
  const updated_at = new Date().toISOString();
  const row = {
    secret: variable.secret ? 1 : 0,
    sealed: sealer.seal(places.variable(stack, variable.name), Buffer.from(variable.value)),
    updated_at,
  };
  await db
    .insertInto('variable')
    .values({ stack, name: variable.name, ...row })
    .onConflict((conflict) => conflict.columns(['stack', 'name']).doUpdateSet(row))
    .execute();
  return { ...variable, updatedAt: updated_at };
}

function toStackRecord(row: StackRow & { summary: string | null; serving_source: string | null }): StackRecord {
  const source = row.source === null ? undefined : (JSON.parse(row.source) as Source);
  return {
    name: row.name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    workingDir: source?.workingDir,
    servingRevision: row.serving_revision ?? undefined,
    wanted: row.wanted as StackRecord['wanted'],
    summary: row.summary === null ? undefined : (JSON.parse(row.summary) as RevisionSummary),
    edited: row.source !== null && row.source !== row.serving_source,
  };
}

function revisionRows(db: Db) {
  return db
    .selectFrom('revision')
    .select(['stack', 'number', 'created_at', 'origin', 'source', 'summary', 'fingerprint']);
}

function toRevisionRecord(row: Omit<RevisionRow, 'sealed'>): RevisionRecord {
  return {
    stack: row.stack,
    number: row.number,
    createdAt: row.created_at,
    origin: row.origin,
    source: row.source === null ? undefined : (JSON.parse(row.source) as Source),
    summary: JSON.parse(row.summary) as RevisionSummary,
    fingerprint: row.fingerprint,
  };
}
