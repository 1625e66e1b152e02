import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DeploymentAction, DeploymentEvent, DeploymentState, FailureView } from '@drover/contract';
import type { DeploymentEnd, DeploymentRecord, DeploymentStore } from '../domain/deployment/deployment-store.ts';
import type { DeploymentRequest } from '../domain/deployment/request.ts';
import { Refusal } from '../domain/refusal.ts';
import { placesOf, requestPlace } from './place.ts';
import type { DeploymentRow } from './schema.ts';
import { openJson, sealJson } from './sealed-json.ts';
import { ensureStack, type StackRows, within, writeDraft, writeVariable } from './stack.ts';

const unended = ['planned', 'running'];

/** The deployments of one environment. */
export function deploymentStore(here: StackRows): DeploymentStore {
  const { db, sealer, environment } = here;
  const places = placesOf(environment);
  const rows = () => db.selectFrom('deployment').where('environment', '=', environment).select(shownColumns);
  const find = async (id: string) => {
    const row = await rows().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : toRecord(row);
  };
  const require = async (id: string) => {
    const record = await find(id);
    if (record === undefined) throw new Refusal('not-found', `looking for the deployment ${id}: there is none`);
    return record;
  };

  return {
    find,
    async begin({ id, stack, action }, request, draft) {
      await db.transaction().execute(async (step) => {
        const active = await step
          .selectFrom('deployment')
          .select(['id', 'action'])
          .where('environment', '=', environment)
          .where('stack', '=', stack)
          .where('state', 'in', unended)
          .executeTakeFirst();
        if (active !== undefined)
          throw new Refusal(
            'busy',
            `${stack}: a deployment (${active.action}, ${active.id}) is running; wait for its end or cancel it`,
          );
        if (draft === undefined && action === 'adopt') await ensureStack(within(here, step), stack);
        if (draft !== undefined) await writeDraft(within(here, step), stack, draft.source, draft.environment);
        const serving = await step
          .selectFrom('stack')
          .select('serving_revision')
          .where('environment', '=', environment)
          .where('name', '=', stack)
          .executeTakeFirst();
        await step
          .insertInto('deployment')
          .values({
            id,
            environment,
            stack,
            action,
            state: 'planned',
            request: sealJson(sealer, requestPlace(id), request),
            previous_revision: serving?.serving_revision ?? null,
            serving_revision: serving?.serving_revision ?? null,
            created_at: new Date().toISOString(),
          })
          .execute();
      });
      return await require(id);
    },
    async start(id) {
      const row = await db
        .updateTable('deployment')
        .set((set) => ({
          state: 'running',
          attempts: set('attempts', '+', 1),
          started_at: set.fn.coalesce('started_at', set.val(new Date().toISOString())),
        }))
        .where('environment', '=', environment)
        .where('id', '=', id)
        .where('state', 'in', unended)
        .returning(shownColumns)
        .executeTakeFirst();
      return row === undefined ? undefined : toRecord(row);
    },
    async request(id) {
      const row = await db
        .selectFrom('deployment')
        .select('request')
        .where('environment', '=', environment)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return openJson<DeploymentRequest>(sealer, requestPlace(id), row.request);
    },
    async addRevision(id, { origin, source, summary, fingerprint, content }) {
      return await db.transaction().execute(async (step) => {
        const { stack } = await step
          .selectFrom('deployment')
          .select('stack')
          .where('environment', '=', environment)
          .where('id', '=', id)
          .executeTakeFirstOrThrow();
        const { last_revision: number } = await step
          .updateTable('stack')
          .set((set) => ({ last_revision: set('last_revision', '+', 1) }))
          .where('environment', '=', environment)
          .where('name', '=', stack)
          .returning('last_revision')
          .executeTakeFirstOrThrow();
        await step
          .insertInto('revision')
          .values({
            environment,
            stack,
            number,
            created_at: new Date().toISOString(),
            origin,
            source: source === undefined ? null : JSON.stringify(source),
            summary: JSON.stringify(summary),
            sealed: sealJson(sealer, places.revision(stack, number), content),
            fingerprint,
          })
          .execute();
        await step.updateTable('deployment').set({ revision: number }).where('id', '=', id).execute();
        return number;
      });
    },
    async requestCancel(id) {
      await db
        .updateTable('deployment')
        .set({ cancel_requested: 1 })
        .where('environment', '=', environment)
        .where('id', '=', id)
        .execute();
    },
    async end(id, end) {
      await db.transaction().execute((step) => writeEnd(within(here, step), id, end));
      return await require(id);
    },
    async list(stack, limit) {
      const found = await rows().where('stack', '=', stack).orderBy('id', 'desc').limit(limit).execute();
      return found.map(toRecord);
    },
    async latest() {
      const found = await rows()
        .where((where) =>
          where('id', '=', (inner) =>
            inner
              .selectFrom('deployment as other')
              .select((select) => select.fn.max('other.id').as('newest'))
              .whereRef('other.environment', '=', 'deployment.environment')
              .whereRef('other.stack', '=', 'deployment.stack'),
          ),
        )
        .execute();
      return new Map(
        found
          .map(toRecord)
          .map((last) => [last.stack, { last, active: unended.includes(last.state) ? last : undefined }]),
      );
    },
    async unfinished() {
      return (await rows().where('state', 'in', unended).orderBy('id').execute()).map(toRecord);
    },
    async events(id) {
      const row = await db
        .selectFrom('deployment')
        .select('events')
        .where('environment', '=', environment)
        .where('id', '=', id)
        .executeTakeFirst();
      if (row?.events == null) return [];
      return JSON.parse(inflateRawSync(row.events).toString('utf8')) as DeploymentEvent[];
    },
    async servedBefore(stack) {
      const row = await db
        .selectFrom('deployment')
        .innerJoin('revision', (join) =>
          join
            .onRef('revision.environment', '=', 'deployment.environment')
            .onRef('revision.stack', '=', 'deployment.stack')
            .onRef('revision.number', '=', 'deployment.revision'),
        )
        .innerJoin('stack', (join) =>
          join.onRef('stack.environment', '=', 'deployment.environment').onRef('stack.name', '=', 'deployment.stack'),
        )
        .select('deployment.revision')
        .where('deployment.environment', '=', environment)
        .where('deployment.stack', '=', stack)
        .where('deployment.state', '=', 'succeeded')
        .whereRef('deployment.revision', '!=', 'stack.serving_revision')
        .orderBy('deployment.id', 'desc')
        .executeTakeFirst();
      return row?.revision ?? undefined;
    },
    async prune(stack, keep) {
      return await db.transaction().execute((step) => pruneStack(within(here, step), stack, keep));
    },
  };
}

async function writeEnd(rows: StackRows, id: string, end: DeploymentEnd): Promise<void> {
  const { db, environment } = rows;
  const row = await db
    .selectFrom('deployment')
    .select(['stack', 'serving_revision'])
    .where('environment', '=', environment)
    .where('id', '=', id)
    .where('state', 'in', unended)
    .executeTakeFirst();
  // Ended already: the first word stands.
  if (row === undefined) return;
  const serving = end.servingRevision === undefined ? row.serving_revision : end.servingRevision;
  await db
    .updateTable('deployment')
    .set({
      state: end.state,
      ended_at: new Date().toISOString(),
      failure: end.failure === undefined ? null : JSON.stringify(end.failure),
      ...(end.revision === undefined ? {} : { revision: end.revision }),
      serving_revision: serving,
      operations_total: end.operationsTotal,
      operations_done: end.operationsDone,
      events: deflateRawSync(JSON.stringify(end.events)),
    })
    .where('id', '=', id)
    .execute();
  if (end.forget) {
    await db.deleteFrom('stack').where('environment', '=', environment).where('name', '=', row.stack).execute();
    return;
  }
  await db
    .updateTable('stack')
    .set({ serving_revision: serving, ...(end.wanted === undefined ? {} : { wanted: end.wanted }) })
    .where('environment', '=', environment)
    .where('name', '=', row.stack)
    .execute();
  if (end.restore === undefined) return;
  if (end.restore.source !== undefined) await writeDraft(rows, row.stack, end.restore.source, end.restore.environment);
  await db.deleteFrom('variable').where('environment', '=', environment).where('stack', '=', row.stack).execute();
  for (const variable of end.restore.variables) await writeVariable(rows, row.stack, variable);
}

async function pruneStack(
  { db, environment }: StackRows,
  stack: string,
  keep: { readonly revisions: number; readonly deployments: number },
): Promise<number[]> {
  const serving = await db
    .selectFrom('stack')
    .select('serving_revision')
    .where('environment', '=', environment)
    .where('name', '=', stack)
    .executeTakeFirst();
  const revisions = await db
    .selectFrom('revision')
    .select('number')
    .where('environment', '=', environment)
    .where('stack', '=', stack)
    .orderBy('number', 'desc')
    .execute();
  const old = revisions.slice(keep.revisions).filter(({ number }) => number !== serving?.serving_revision);
  for (const { number } of old)
    await db
      .deleteFrom('revision')
      .where('environment', '=', environment)
      .where('stack', '=', stack)
      .where('number', '=', number)
      .execute();
  const oldDeployments = db
    .selectFrom('deployment')
    .select('id')
    .where('environment', '=', environment)
    .where('stack', '=', stack)
    .where('state', 'not in', unended)
    .orderBy('id', 'desc')
    .limit(-1)
    .offset(keep.deployments);
  await db.deleteFrom('deployment').where('id', 'in', oldDeployments).execute();
  return old.map(({ number }) => number);
}

const shownColumns = [
  'id',
  'stack',
  'action',
  'state',
  'revision',
  'previous_revision',
  'serving_revision',
  'created_at',
  'started_at',
  'ended_at',
  'failure',
  'operations_total',
  'operations_done',
  'attempts',
  'cancel_requested',
] as const;

function toRecord(row: Pick<DeploymentRow, (typeof shownColumns)[number]>): DeploymentRecord {
  return {
    id: row.id,
    stack: row.stack,
    action: row.action as DeploymentAction,
    state: row.state as DeploymentState,
    revision: row.revision ?? undefined,
    previousRevision: row.previous_revision ?? undefined,
    servingRevision: row.serving_revision ?? undefined,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as FailureView),
    operationsTotal: row.operations_total,
    operationsDone: row.operations_done,
    attempts: row.attempts,
    cancelRequested: row.cancel_requested === 1,
  };
}
