import type { Kysely } from 'kysely';
import { Refusal } from '../domain/refusal.ts';
import type { Environment, Source } from '../domain/source/source.ts';
import type { RevisionContent, RevisionRecord, RevisionSummary, Variable } from '../domain/stack/revision.ts';
import type { StackRecord, StackStore, VariableRecord } from '../domain/stack/stack-store.ts';
import type { Sealer } from '../seal/sealer.ts';
import { placesOf } from './place.ts';
import type { RevisionRow, Schema, StackRow } from './schema.ts';
import { openJson, sealJson } from './sealed-json.ts';

type Db = Kysely<Schema>;

/** Rows of one environment, and how to open what is sealed in them. */
export interface StackRows {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly environment: string;
}

/** The same rows within a transaction. */
export function within(rows: StackRows, step: Db): StackRows {
  return { ...rows, db: step };
}

/** The stacks of one environment. */
export function stackStore(here: StackRows): StackStore {
  const { db, sealer, environment } = here;
  const places = placesOf(environment);
  const withServing = () =>
    db
      .selectFrom('stack')
      .leftJoin('revision', (join) =>
        join
          .onRef('revision.environment', '=', 'stack.environment')
          .onRef('revision.stack', '=', 'stack.name')
          .onRef('revision.number', '=', 'stack.serving_revision'),
      )
      .where('stack.environment', '=', environment)
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
        .select(['source', 'client_environment'])
        .where('environment', '=', environment)
        .where('name', '=', name)
        .executeTakeFirst();
      if (row === undefined || row.source === null) return undefined;
      const { source, client_environment: sealed } = row;
      const values = sealed === null ? {} : openJson<Environment>(sealer, places.environment(name), sealed);
      return { source: JSON.parse(source) as Source, environment: values };
    },
    async saveDraft(name, source, values) {
      await writeDraft(here, name, source, values);
    },
    async forget(name) {
      await db.deleteFrom('stack').where('environment', '=', environment).where('name', '=', name).execute();
    },

    async variables(name) {
      const rows = await db
        .selectFrom('variable')
        .selectAll()
        .where('environment', '=', environment)
        .where('stack', '=', name)
        .orderBy('name')
        .execute();
      return rows.map((row) => ({
        name: row.name,
        secret: row.secret === 1,
        value: sealer.open(places.variable(name, row.name), row.sealed).toString('utf8'),
        updatedAt: row.updated_at,
      }));
    },
    async setVariable(name, variable) {
      return await db.transaction().execute(async (step) => {
        await ensureStack(within(here, step), name);
        return await writeVariable(within(here, step), name, variable);
      });
    },
    async unsetVariable(name, variable) {
      const { numDeletedRows } = await db
        .deleteFrom('variable')
        .where('environment', '=', environment)
        .where('stack', '=', name)
        .where('name', '=', variable)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    async revisions(name) {
      const rows = await revisionRows(here).where('stack', '=', name).orderBy('number', 'desc').execute();
      return rows.map(toRevisionRecord);
    },
    async revision(name, number) {
      const row = await revisionRows(here).where('stack', '=', name).where('number', '=', number).executeTakeFirst();
      return row === undefined ? undefined : toRevisionRecord(row);
    },
    async revisionContent(name, number) {
      const row = await db
        .selectFrom('revision')
        .select('sealed')
        .where('environment', '=', environment)
        .where('stack', '=', name)
        .where('number', '=', number)
        .executeTakeFirst();
      if (row === undefined)
        throw new Refusal('not-found', `looking for revision ${number} of ${name}: it is not (or no longer) kept`);
      return openJson<RevisionContent>(sealer, places.revision(name, number), row.sealed);
    },
    async keptImages() {
      const rows = await db
        .selectFrom('revision')
        .select(['stack', 'number', 'summary'])
        .where('environment', '=', environment)
        .orderBy('number')
        .execute();
      const kept = new Map<string, { stack: string; revision: number }>();
      for (const { stack, number, summary } of rows)
        for (const { imageId } of (JSON.parse(summary) as RevisionSummary).services)
          kept.set(imageId, { stack, revision: number });
      return kept;
    },
  };
}

/** Makes the stack where it is not there. Refuses (`not-found`) when its environment was removed meanwhile. */
export async function ensureStack({ db, environment }: StackRows, name: string): Promise<void> {
  const now = new Date().toISOString();
  try {
    await db
      .insertInto('stack')
      .values({ environment, name, created_at: now, updated_at: now, wanted: 'running', last_revision: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  } catch (error) {
    if (error instanceof Error && /FOREIGN KEY/.test(error.message))
      throw new Refusal('not-found', `there is no environment "${environment}" any more`);
    throw error;
  }
}

/** Makes the stack or replaces its files. */
export async function writeDraft(
  rows: StackRows,
  name: string,
  source: Source,
  values: Environment | undefined,
): Promise<void> {
  const { db, sealer, environment } = rows;
  await ensureStack(rows, name);
  const place = placesOf(environment).environment(name);
  await db
    .updateTable('stack')
    .set({
      source: JSON.stringify(source),
      updated_at: new Date().toISOString(),
      ...(values === undefined ? {} : { client_environment: sealJson(sealer, place, values) }),
    })
    .where('environment', '=', environment)
    .where('name', '=', name)
    .execute();
}

export async function writeVariable(
  { db, sealer, environment }: StackRows,
  stack: string,
  variable: Variable,
): Promise<VariableRecord> {
  const updated_at = new Date().toISOString();
  const row = {
    secret: variable.secret ? 1 : 0,
    sealed: sealer.seal(placesOf(environment).variable(stack, variable.name), Buffer.from(variable.value)),
    updated_at,
  };
  await db
    .insertInto('variable')
    .values({ environment, stack, name: variable.name, ...row })
    .onConflict((conflict) => conflict.columns(['environment', 'stack', 'name']).doUpdateSet(row))
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

function revisionRows({ db, environment }: StackRows) {
  return db
    .selectFrom('revision')
    .where('environment', '=', environment)
    .select(['stack', 'number', 'created_at', 'origin', 'source', 'summary', 'fingerprint']);
}

function toRevisionRecord(row: Omit<RevisionRow, 'sealed' | 'environment'>): RevisionRecord {
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
