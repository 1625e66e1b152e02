import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataFolder, openDataFolder } from '../src/data-folder.ts';
import { createLog } from '../src/log.ts';
import { createKeyFile } from '../src/seal/key-file.ts';
import { createSealer } from '../src/seal/sealer.ts';
import { openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { first } from '../src/store/migrations/0001-first.ts';
import { migrations } from '../src/store/migrations/all.ts';
import { sealJson } from '../src/store/sealed-json.ts';
import { openStore } from '../src/store/store.ts';

const log = createLog('silent');
let data: DataFolder;
beforeEach(() => {
  data = openDataFolder(mkdtempSync(join(tmpdir(), 'drover-migration-')));
});
afterEach(() => {
  data.release();
  rmSync(data.path, { recursive: true, force: true });
});

const source = { composeFiles: ['compose.yaml'], files: [{ path: 'compose.yaml', sha256: 'a'.repeat(64), size: 1 }] };
const summary = { services: [{ name: 'web', image: 'web:1', imageId: 'sha256:1' }] };

/** A store as version 1 left it, with everything in it that it could hold of stacks. */
function writeFirstVersion(): void {
  const sealer = createSealer(createKeyFile(data.key));
  const { sqlite } = openDatabase(data.store);
  migrate(sqlite, { backUp: () => {}, list: [first] });
  const run = (sql: string, ...values: (string | number | Uint8Array | null)[]) => sqlite.prepare(sql).run(...values);
  run(`insert into meta values ('key-proof', ?)`, sealer.seal('key-proof', Buffer.from('drover')));
  for (const stack of ['blog', 'shop'])
    run(
      `insert into stack values (?, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', ?, ?, 2, 'running', 3)`,
      stack,
      JSON.stringify(source),
      sealJson(sealer, `stack/${stack}/environment`, { TAG: stack }),
    );
  for (const number of [1, 2])
    run(
      `insert into revision values ('shop', ?, '2026-01-01T00:00:00.000Z', 'deploy', ?, ?, ?, 'f')`,
      number,
      JSON.stringify(source),
      JSON.stringify(summary),
      sealJson(sealer, `stack/shop/revision/${number}`, { project: { name: 'shop' }, number }),
    );
  for (const [id, state, revision] of [
    ['a', 'succeeded', 1],
    ['b', 'succeeded', 2],
    ['c', 'running', null],
  ] as const)
    run(
      `insert into deployment (id, stack, action, state, request, revision, created_at) values (?, 'shop', 'pull', ?, ?, ?, '2026-01-01T00:00:00.000Z')`,
      id,
      state,
      sealJson(sealer, `deployment/${id}/request`, { action: 'pull', from: { source } }),
      revision,
    );
  run(
    `insert into variable values ('shop', 'PASSWORD', 1, ?, '2026-01-01T00:00:00.000Z')`,
    sealer.seal('stack/shop/variable/PASSWORD', Buffer.from('hush')),
  );
  run(
    `insert into registry values ('ghcr.io', 'me', ?, '2026-01-01T00:00:00.000Z')`,
    sealer.seal('registry/ghcr.io', Buffer.from('pass')),
  );
  sqlite.close();
}

test('what version 1 kept belongs to "local" afterwards, opens as before, and is backed up', async () => {
  writeFirstVersion();
  const store = await openStore(data, { log });
  const { stacks, deployments } = store.of('local');
  expect((await stacks.list()).map(({ name, servingRevision }) => [name, servingRevision])).toEqual([
    ['blog', 2],
    ['shop', 2],
  ]);
  expect(await stacks.find('shop')).toMatchObject({ summary, edited: false, createdAt: '2026-01-01T00:00:00.000Z' });
  expect(await stacks.draft('blog')).toEqual({ source, environment: { TAG: 'blog' } });
  expect(await stacks.variables('shop')).toMatchObject([{ name: 'PASSWORD', secret: true, value: 'hush' }]);
  expect((await stacks.revisions('shop')).map(({ number }) => number)).toEqual([2, 1]);
  expect(await stacks.revisionContent('shop', 2)).toMatchObject({ number: 2 });
  expect((await deployments.list('shop', 9)).map(({ id, state }) => `${id} ${state}`)).toEqual([
    'c running',
    'b succeeded',
    'a succeeded',
  ]);
  expect((await deployments.unfinished()).map(({ id }) => id)).toEqual(['c']);
  expect(await deployments.request('c')).toMatchObject({ action: 'pull' });
  expect(await deployments.servedBefore('shop')).toBe(1);
  expect(await store.registries.find('ghcr.io')).toMatchObject({ password: 'pass' });
  expect(await store.environments.list()).toEqual([
    { name: 'local', kind: 'engine', createdAt: expect.stringMatching(/^\d{4}-.*Z$/), stackCount: 2 },
  ]);
  await store.close();

  const [backup = ''] = readdirSync(data.backups);
  const before = new DatabaseSync(join(data.backups, backup, 'drover.db'));
  expect(before.prepare('pragma user_version').get()?.user_version).toBe(1);
  expect(before.prepare('select count(*) as n from stack').get()?.n).toBe(2);
  before.close();
});

test('the migrated file is whole, refers to nothing that is gone, and is laid out as a new one', async () => {
  writeFirstVersion();
  await (await openStore(data, { log })).close();
  const migrated = new DatabaseSync(data.store);
  expect(migrated.prepare('pragma user_version').get()?.user_version).toBe(migrations.at(-1)?.number);
  expect(migrated.prepare('pragma foreign_key_check').all()).toEqual([]);
  expect(migrated.prepare('pragma integrity_check').get()?.integrity_check).toBe('ok');
  const layout = (of: DatabaseSync) =>
    of.prepare(`select type, name, sql from sqlite_schema where name not like 'sqlite_%' order by name`).all();
  const fresh = new DatabaseSync(':memory:');
  migrate(fresh, { backUp: () => {} });
  expect(layout(migrated)).toEqual(layout(fresh));
  expect(JSON.stringify(layout(fresh))).not.toContain('old_');
  migrated.close();
  fresh.close();
});

test('a migration that fails half-way leaves the store of version 1 as it was', () => {
  writeFirstVersion();
  const sqlite = new DatabaseSync(data.store);
  const [, second] = migrations;
  const broken = { number: 2, name: 'broken', sql: `${second?.sql}; insert into nothing values (1)` };
  expect(() => migrate(sqlite, { backUp: () => {}, list: [first, broken] })).toThrow('nothing was changed');
  expect(sqlite.prepare('pragma user_version').get()?.user_version).toBe(1);
  expect(sqlite.prepare('select name from stack order by name').all()).toMatchObject([
    { name: 'blog' },
    { name: 'shop' },
  ]);
  sqlite.close();
});
