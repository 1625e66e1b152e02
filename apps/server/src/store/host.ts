import type { HostFacts } from '@drover/tunnel';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { HostJoin, HostPhase, HostRecord, HostStore, JoinTokenRecord } from '../domain/host/host-store.ts';
import type { HostRow, JoinTokenRow, Schema } from './schema.ts';

type Db = Kysely<Schema>;

export function hostStore(db: Db): HostStore {
  return {
    async list() {
      return (await db.selectFrom('host').selectAll().orderBy('name').execute()).map(toHost);
    },
    async save(hosts) {
      await db.transaction().execute(async (step) => {
        for (const host of hosts) await saveHost(step, host);
      });
    },
    async join(joins) {
      return await db.transaction().execute(async (step) => {
        const stored: boolean[] = [];
        for (const { host, token } of joins) {
          const isGood = await useToken(step, token);
          if (isGood) await saveHost(step, host);
          stored.push(isGood);
        }
        return stored;
      });
    },
    async forgetRemoved(certificateExpiredBefore) {
      await db
        .deleteFrom('host')
        .where('phase', '=', 'removed')
        .where('certificate_expires_at', '<', certificateExpiredBefore)
        .execute();
    },
    async tokens() {
      return (await db.selectFrom('join_token').selectAll().orderBy('created_at').execute()).map(toToken);
    },
    async findToken(id) {
      const row = await db.selectFrom('join_token').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toToken(row);
    },
    async addToken(token, forgetExpiredBefore) {
      await db.transaction().execute(async (step) => {
        await step.deleteFrom('join_token').where('expires_at', '<', forgetExpiredBefore).execute();
        await step
          .insertInto('join_token')
          .values({
            id: token.id,
            secret_hash: token.secretHash,
            environment: token.environment,
            created_at: token.createdAt,
            expires_at: token.expiresAt,
            uses: token.uses,
            used: token.used,
            replaces: token.replaces ?? null,
            revoked_at: token.revokedAt ?? null,
          })
          .execute();
      });
    },
    async revokeToken(id, at) {
      const { numUpdatedRows } = await db
        .updateTable('join_token')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
}

/** Counts one use of a token; false when it is not good for one any more. */
async function useToken(db: Db, { id, now }: HostJoin['token']): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('join_token')
    .set((set) => ({ used: set('used', '+', 1) }))
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where(sql<boolean>`used < uses`)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

async function saveHost(db: Db, host: HostRecord): Promise<void> {
  const row = toRow(host);
  await db
    .insertInto('host')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

function toRow(host: HostRecord): Selectable<Schema['host']> {
  return {
    id: host.id,
    name: host.name,
    environment: host.environment,
    phase: host.phase,
    key_fingerprint: host.keyFingerprint,
    engine_id: host.engineId ?? null,
    labels: JSON.stringify(host.labels),
    facts: host.facts === undefined ? null : JSON.stringify(host.facts),
    software: host.software ?? null,
    joined_at: host.joinedAt,
    connected_at: host.connectedAt ?? null,
    lost_at: host.lostAt ?? null,
    certificate_expires_at: host.certificateExpiresAt,
  };
}

function toHost(row: HostRow): HostRecord {
  return {
    id: row.id,
    name: row.name,
    environment: row.environment,
    phase: row.phase as HostPhase,
    keyFingerprint: row.key_fingerprint,
    engineId: row.engine_id ?? undefined,
    labels: JSON.parse(row.labels) as Record<string, string>,
    facts: row.facts === null ? undefined : (JSON.parse(row.facts) as HostFacts),
    software: row.software ?? undefined,
    joinedAt: row.joined_at,
    connectedAt: row.connected_at ?? undefined,
    lostAt: row.lost_at ?? undefined,
    certificateExpiresAt: row.certificate_expires_at,
  };
}

function toToken(row: JoinTokenRow): JoinTokenRecord {
  return {
    id: row.id,
    secretHash: row.secret_hash,
    environment: row.environment,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    uses: row.uses,
    used: row.used,
    replaces: row.replaces ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}
