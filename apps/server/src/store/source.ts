import type { Kysely } from 'kysely';
import type { Source } from '../domain/source/source.ts';
import type { Sealer } from '../seal/sealer.ts';
import { requestPlace } from './place.ts';
import type { Schema } from './schema.ts';
import { openJson } from './sealed-json.ts';

/** The sources of all drafts and revisions, and of deployments that have not ended, whatever their environment. */
export async function allSources(db: Kysely<Schema>, sealer: Sealer): Promise<Source[]> {
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
    openJson<{ from?: { source: Source } }>(sealer, requestPlace(id), request),
  );
  return [
    ...rows.flatMap(({ source }) => (source === null ? [] : [JSON.parse(source) as Source])),
    ...requested.flatMap(({ from }) => (from === undefined ? [] : [from.source])),
  ];
}
