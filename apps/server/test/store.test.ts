import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { createLog } from '../src/log.ts';
import { createSealer } from '../src/seal/sealer.ts';
import { openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { migrations } from '../src/store/migrations/all.ts';
import { openStore } from '../src/store/store.ts';
import { openStage } from './stage/stage.ts';

const log = createLog('silent');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was sealed opens for its place and key alone', () => {
  const sealer = createSealer(Buffer.alloc(32, 1));
  const sealed = sealer.seal('a', Buffer.from('secret'));
  expect(sealer.open('a', sealed).toString()).toBe('secret');
  expect(sealer.seal('a', Buffer.from('secret'))).not.toEqual(sealed);
  expect(() => sealer.open('b', sealed)).toThrow('opening b');
  expect(() => createSealer(Buffer.alloc(32, 2)).open('a', sealed)).toThrow('opening a');
  for (const at of [0, 5, 20, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => sealer.open('a', changed)).toThrow('opening a');
  }
});

test('a committed change is flushed to disk: the store runs with full synchronisation', () => {
  const { sqlite } = openDatabase(join(folder, 'x.db'));
  expect(sqlite.prepare('pragma synchronous').get()?.synchronous).toBe(2);
  expect(sqlite.prepare('pragma journal_mode').get()?.journal_mode).toBe('wal');
  expect(sqlite.prepare('pragma foreign_keys').get()?.foreign_keys).toBe(1);
  sqlite.close();
});

test('a store with data is backed up with its key before it is migrated', () => {
  const { sqlite } = openDatabase(join(folder, 'x.db'));
  const backups: number[] = [];
  migrate(sqlite, { backUp: (version) => backups.push(version) });
  expect(backups).toEqual([]);
  sqlite.exec(`insert into meta (key, value) values ('k', x'01')`);
  const next = { number: migrations.length + 1, name: 'next', sql: 'create table later (a text)' };
  migrate(sqlite, { backUp: (version) => backups.push(version), list: [...migrations, next] });
  expect(backups).toEqual([migrations.length]);
  expect(sqlite.prepare('select count(*) as n from meta').get()?.n).toBe(1);
  migrate(sqlite, { backUp: (version) => backups.push(version), list: [...migrations, next] });
  expect(backups).toEqual([migrations.length]);
  sqlite.close();
});

test('a migration that fails changes nothing, and a store from a newer version is refused', () => {
  const { sqlite } = openDatabase(join(folder, 'x.db'));
  const bad = {
    number: migrations.length + 1,
    name: 'bad',
    sql: 'create table half (a text); insert into nothing values (1)',
  };
  expect(() => migrate(sqlite, { backUp: () => {}, list: [...migrations, bad] })).toThrow('nothing was changed');
  expect(sqlite.prepare(`select count(*) as n from sqlite_schema where name = 'half'`).get()?.n).toBe(0);
  sqlite.exec('pragma user_version = 99');
  expect(() => migrate(sqlite, { backUp: () => {} })).toThrow('written by a newer Drover');
  sqlite.close();
});

test('a backup opens with its own key, and holds what was there', async () => {
  const stage = await openStage();
  try {
    await stage.client.variables.set({ name: 'shop', variable: 'A', value: 'the value', secret: true });
    await stage.client.registries.save({ server: 'https://GHCR.io/v2/', username: 'me', password: 'hidden' });
    expect(await stage.client.registries.list()).toEqual([
      { server: 'ghcr.io', username: 'me', updatedAt: expect.any(String) },
    ]);
    const { path, sizeBytes } = await stage.client.system.backup();
    expect(sizeBytes).toBeGreaterThan(0);
    expect(readdirSync(path).sort()).toEqual(['drover.db', 'key']);
    for (const name of readdirSync(path)) expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
    const restored = join(folder, 'restored');
    mkdirSync(restored);
    for (const name of readdirSync(path)) copyFileSync(join(path, name), join(restored, name));
    const data = openDataFolder(restored);
    const store = await openStore(data, { log });
    expect(await store.of('local').stacks.variables('shop')).toEqual([
      expect.objectContaining({ name: 'A', value: 'the value' }),
    ]);
    expect(await store.registries.find('ghcr.io')).toMatchObject({ password: 'hidden' });
    await store.close();
    data.release();
  } finally {
    await stage.stop();
  }
});

test('a store without its key, with another one, or with one that others can read does not open', async () => {
  const data = openDataFolder(folder);
  await (await openStore(data, { log })).close();
  const key = readFileSync(data.key);
  rmSync(data.key);
  await expect(openStore(data, { log })).rejects.toThrow('put it back from a backup');
  writeFileSync(data.key, Buffer.alloc(32, 7), { mode: 0o600 });
  await expect(openStore(data, { log })).rejects.toThrow('belongs to another store');
  writeFileSync(data.key, key);
  chmodSync(data.key, 0o644);
  await expect(openStore(data, { log })).rejects.toThrow('others can read it');
  chmodSync(data.key, 0o600);
  await (await openStore(data, { log })).close();
  data.release();
});

test('the database itself refuses a second deployment of one stack', async () => {
  const data = openDataFolder(folder);
  const store = await openStore(data, { log });
  const stop = { action: 'stop' } as const;
  await store.of('local').deployments.begin({ id: '1', stack: 'shop', action: 'stop' }, stop, undefined);
  await expect(
    store.of('local').deployments.begin({ id: '2', stack: 'shop', action: 'stop' }, stop, undefined),
  ).rejects.toMatchObject({
    code: 'busy',
  });
  const direct = new DatabaseSync(data.store);
  expect(() =>
    direct.exec(
      `insert into deployment (id, environment, stack, action, state, request, created_at) values ('3', 'local', 'shop', 'stop', 'running', x'00', '')`,
    ),
  ).toThrow(/UNIQUE/);
  direct.close();
  await store.of('local').deployments.end('1', { state: 'failed', operationsTotal: 0, operationsDone: 0, events: [] });
  // The first word stands: an end is not overwritten.
  const again = await store.of('local').deployments.end('1', {
    state: 'succeeded',
    operationsTotal: 0,
    operationsDone: 0,
    events: [],
  });
  expect(again.state).toBe('failed');
  expect(await store.of('local').deployments.start('1')).toBeUndefined();
  await store.close();
  data.release();
});

test('revisions beyond those kept go, the one that serves stays', async () => {
  const data = openDataFolder(folder);
  const store = await openStore(data, { log });
  for (let i = 1; i <= 14; i += 1) {
    const id = `d${String(i).padStart(2, '0')}`;
    const source = { composeFiles: ['c'], files: [{ path: 'c', sha256: String(i), size: 1 }] };
    const from = { source, environment: {}, variables: [] };
    const options = { pull: 'policy', build: false, forceRecreate: false, removeOrphans: false, timeout: 1 } as const;
    await store
      .of('local')
      .deployments.begin(
        { id, stack: 'shop', action: 'deploy' },
        { action: 'deploy', from, options },
        { source, environment: {} },
      );
    const content = {
      project: {},
      images: [],
      secrets: [],
      configs: [],
      files: [],
      environment: {},
      variables: [],
      envFiles: [],
    };
    const revision = await store.of('local').deployments.addRevision(id, {
      origin: 'deploy',
      source,
      summary: { services: [] },
      fingerprint: id,
      content: content as never,
    });
    expect(revision).toBe(i);
    // Only the second one ever served.
    const serving = i === 2 ? { servingRevision: 2 } : {};
    await store.of('local').deployments.end(id, {
      state: 'succeeded',
      operationsTotal: 0,
      operationsDone: 0,
      events: [],
      ...serving,
    });
  }
  expect(await store.of('local').deployments.prune('shop', { revisions: 10, deployments: 5 })).toEqual([4, 3, 1]);
  expect((await store.of('local').stacks.revisions('shop')).map(({ number }) => number)).toEqual([
    14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 2,
  ]);
  expect(await store.of('local').deployments.list('shop', 100)).toHaveLength(5);
  expect((await store.allSources()).length).toBe(12);
  await store.close();
  data.release();
});

test('files that a draft, a revision or an unfinished deployment names stay; others go after an hour', async () => {
  const data = openDataFolder(folder);
  const store = await openStore(data, { log });
  const [draft = '', pulled = '', unused = ''] = await store.blobs.putAll(
    ['a', 'b', 'c'].map((text) => Buffer.from(text)),
  );
  const source = (sha256: string) => ({ composeFiles: ['c'], files: [{ path: 'c', sha256, size: 1 }] });
  await store.of('local').stacks.saveDraft('shop', source(draft), {});
  const from = { source: source(pulled), environment: {}, variables: [] };
  await store
    .of('local')
    .deployments.begin({ id: '1', stack: 'shop', action: 'pull' }, { action: 'pull', from }, undefined);
  const referred = new Set(
    (await store.allSources()).flatMap(({ files }) => files.map((file) => ('sha256' in file ? file.sha256 : ''))),
  );
  const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
  expect(await store.blobs.forgetUnused(referred, anHourAgo)).toBe(0);
  const inAMinute = new Date(Date.now() + 60_000).toISOString();
  expect(await store.blobs.forgetUnused(referred, inAMinute)).toBe(1);
  expect(await store.blobs.missing([draft, pulled, unused])).toEqual([unused]);
  await store.close();
  data.release();
});
