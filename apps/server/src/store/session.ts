import type { Kysely } from 'kysely';
import type { SessionRecord, SessionStore } from '../domain/session-store.ts';
import type { Schema } from './schema.ts';

export function sessionStore(db: Kysely<Schema>): SessionStore {
  return {
    async listSessions() {
      const rows = await db.selectFrom('session').selectAll().execute();
      return rows.map(
        (row): SessionRecord => ({
          tokenHash: row.token_hash,
          name: row.name,
          createdAt: row.created_at,
          expiresAt: row.expires_at,
        }),
      );
    },
    async extendSession(tokenHash, expiresAt) {
      await db.updateTable('session').set({ expires_at: expiresAt }).where('token_hash', '=', tokenHash).execute();
    },
    async removeSession(tokenHash) {
      await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
    },
    async removeAllSessions() {
      await db.transaction().execute(async (step) => {
        await step.deleteFrom('session').execute();
        await step.deleteFrom('sign_in_code').execute();
      });
    },
    async saveSignInCode(codeHash, expiresAt) {
      await db.transaction().execute(async (step) => {
        await step.deleteFrom('sign_in_code').execute();
        await step.insertInto('sign_in_code').values({ code_hash: codeHash, expires_at: expiresAt }).execute();
      });
    },
    async exchangeSignInCode(codeHash, now, session) {
      return await db.transaction().execute(async (step) => {
        const { numDeletedRows } = await step
          .deleteFrom('sign_in_code')
          .where('code_hash', '=', codeHash)
          .where('expires_at', '>', now)
          .executeTakeFirst();
        if (numDeletedRows !== 1n) return false;
        await step
          .insertInto('session')
          .values({
            token_hash: session.tokenHash,
            name: session.name,
            created_at: session.createdAt,
            expires_at: session.expiresAt,
          })
          .execute();
        return true;
      });
    },
  };
}
