import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { Refusal } from '../domain/refusal.ts';
import type { BlobStore } from '../domain/source/blob-store.ts';
import type { Sealer } from '../seal/sealer.ts';
import type { BlobFiles } from './blob-file.ts';
import type { Schema } from './schema.ts';

/** Larger ones are files; smaller ones are rows, which cost no flush of their own and are part of every backup. */
const rowBytes = 128 * 1024;

const touchAfterMs = 10 * 60_000;

export function blobStore(db: Kysely<Schema>, files: BlobFiles, sealer: Sealer): BlobStore {
  const place = (digest: string) => `blob/${digest}`;
  const known = async (digests: readonly string[]) => {
    const rows = await db
      .selectFrom('blob')
      .select(['sha256', 'size', 'used_at'])
      .where('sha256', 'in', sql<string>`(select value from json_each(${JSON.stringify(digests)}))`)
      .execute();
    return new Map(rows.map((row) => [row.sha256, row]));
  };
  const touch = async (digests: readonly string[]) => {
    if (digests.length === 0) return;
    await db
      .updateTable('blob')
      .set({ used_at: new Date().toISOString() })
      .where('sha256', 'in', sql<string>`(select value from json_each(${JSON.stringify(digests)}))`)
      .execute();
  };
  const touchStale = async (rows: ReturnType<typeof known>) => {
    const before = new Date(Date.now() - touchAfterMs).toISOString();
    await touch([...(await rows).values()].filter((row) => row.used_at < before).map((row) => row.sha256));
  };
  const insert = async (rows: readonly { sha256: string; size: number; sealed: Uint8Array | null }[]) => {
    if (rows.length === 0) return;
    const used_at = new Date().toISOString();
    await db.transaction().execute(async (step) => {
      for (const row of rows)
        await step
          .insertInto('blob')
          .values({ ...row, used_at })
          .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ used_at }))
          .execute();
    });
  };

  return {
    async missing(digests) {
      const rows = known(digests);
      await touchStale(rows);
      const there = await rows;
      return [...new Set(digests)].filter((digest) => !there.has(digest));
    },

    async put(digest, bytes, mostBytes) {
      const wrong = () =>
        new Refusal('invalid', `uploading ${digest.slice(0, 12)}: the bytes that came are not those of this digest`);
      const bounded = boundBytes(bytes, mostBytes, digest)[Symbol.asyncIterator]();
      const { head, ended } = await readHead(bounded, rowBytes);
      if (ended) {
        if (sha256(head) !== digest) throw wrong();
        await insert([{ sha256: digest, size: head.length, sealed: sealer.seal(place(digest), head) }]);
        return;
      }
      const written = await files.write(digest, joinBytes(head, bounded));
      if (written.sha256 !== digest) {
        await written.drop();
        throw wrong();
      }
      await written.keep();
      await insert([{ sha256: digest, size: written.size, sealed: null }]);
    },

    async putAll(contents) {
      const digests = contents.map(sha256);
      const rows = known(digests);
      await touchStale(rows);
      const there = await rows;
      const small: { sha256: string; size: number; sealed: Uint8Array }[] = [];
      const taken = new Set<string>();
      for (const [index, bytes] of contents.entries()) {
        const digest = digests[index] ?? '';
        if (there.has(digest) || taken.has(digest)) continue;
        taken.add(digest);
        if (bytes.length > rowBytes) await this.put(digest, once(bytes), bytes.length);
        else small.push({ sha256: digest, size: bytes.length, sealed: sealer.seal(place(digest), bytes) });
      }
      await insert(small);
      return digests;
    },

    async sizes(digests) {
      return new Map([...(await known(digests)).values()].map(({ sha256, size }) => [sha256, size]));
    },

    async read(digest) {
      const chunks: Buffer[] = [];
      for await (const chunk of this.stream(digest)) chunks.push(chunk);
      return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    },

    async *stream(digest) {
      const row = await db.selectFrom('blob').select(['sealed']).where('sha256', '=', digest).executeTakeFirst();
      if (row === undefined)
        throw new Refusal('not-found', `reading a file of the bundle: ${digest.slice(0, 12)} is gone`);
      if (row.sealed === null) yield* files.read(digest);
      else yield sealer.open(place(digest), row.sealed);
    },

    async forgetUnused(referred, usedBefore) {
      const rows = await db
        .selectFrom('blob')
        .select(['sha256', sql<number>`sealed is null`.as('isFile')])
        .where('used_at', '<', usedBefore)
        .execute();
      const unused = rows.filter((row) => !referred.has(row.sha256));
      for (const { sha256, isFile } of unused) {
        // Once more with the time: an upload may have asked for it meanwhile.
        const { numDeletedRows } = await db
          .deleteFrom('blob')
          .where('sha256', '=', sha256)
          .where('used_at', '<', usedBefore)
          .executeTakeFirst();
        if (isFile && numDeletedRows === 1n) await files.remove(sha256);
      }
      return unused.length;
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function* boundBytes(bytes: AsyncIterable<Uint8Array>, mostBytes: number, digest: string) {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > mostBytes)
      throw new Refusal('too-large', `uploading ${digest.slice(0, 12)}: it is larger than ${mostBytes} bytes`);
    yield chunk;
  }
}

async function readHead(bytes: AsyncIterator<Uint8Array>, most: number): Promise<{ head: Buffer; ended: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size <= most) {
    const step = await bytes.next();
    if (step.done) return { head: Buffer.concat(chunks), ended: true };
    chunks.push(step.value);
    size += step.value.length;
  }
  return { head: Buffer.concat(chunks), ended: false };
}

async function* joinBytes(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (;;) {
    const step = await rest.next();
    if (step.done) return;
    yield step.value;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
