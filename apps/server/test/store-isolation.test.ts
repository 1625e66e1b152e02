import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataFolder, openDataFolder } from '../src/data-folder.ts';
import { createLog } from '../src/log.ts';
import { openStore, type Store } from '../src/store/store.ts';

// The same stack in two environments, alike in everything but its values: what is done to one is never seen in the other.
let data: DataFolder;
let store: Store;
beforeEach(async () => {
  data = openDataFolder(mkdtempSync(join(tmpdir(), 'drover-isolation-')));
  store = await openStore(data, { log: createLog('silent') });
  await store.environments.add('west', 'engine');
  for (const environment of ['local', 'west']) await fill(environment);
});
afterEach(async () => {
  await store.close();
  data.release();
  rmSync(data.path, { recursive: true, force: true });
});

const sourceOf = (tag: string) => ({
  composeFiles: ['c'],
  files: [{ path: 'c', sha256: tag.padEnd(64, '0'), size: 1 }],
});
const ended = { operationsTotal: 0, operationsDone: 0, events: [] };

/** Two revisions that served one after the other, a deployment that has not ended, a draft and a variable. */
async function fill(environment: string): Promise<void> {
  const { stacks, deployments } = store.of(environment);
  for (const number of [1, 2]) {
    const id = `${environment}-${number}`;
    const source = sourceOf(id);
    await deployments.begin({ id, stack: 'shop', action: 'pull' }, requestOf(environment), { source, environment: {} });
    await deployments.addRevision(id, {
      origin: environment,
      source,
      summary: { services: [{ name: 'web', image: environment, imageId: `sha256:${id}` }] } as never,
      fingerprint: id,
      content: { of: id } as never,
    });
    await deployments.end(id, { ...ended, state: 'succeeded', servingRevision: number });
  }
  await deployments.begin({ id: `${environment}-3`, stack: 'shop', action: 'pull' }, requestOf(environment), undefined);
  await stacks.saveDraft('shop', sourceOf(environment), { OF: environment });
  await stacks.setVariable('shop', { name: 'OF', value: environment, secret: false });
}

const requestOf = (environment: string) =>
  ({ action: 'pull', from: { source: sourceOf(environment), environment: {}, variables: [] } }) as const;

/** Everything that can be read of an environment. */
async function readAll(environment: string): Promise<unknown> {
  const { stacks, deployments } = store.of(environment);
  const revisions = await stacks.revisions('shop');
  return {
    stacks: await stacks.list(),
    stack: await stacks.find('shop'),
    draft: await stacks.draft('shop'),
    variables: await stacks.variables('shop'),
    revisions,
    contents: await Promise.all(revisions.map(({ number }) => stacks.revisionContent('shop', number))),
    single: await Promise.all(revisions.map(({ number }) => stacks.revision('shop', number))),
    images: [...(await stacks.keptImages())],
    deployments: await deployments.list('shop', 99),
    latest: [...(await deployments.latest())],
    unfinished: await deployments.unfinished(),
    before: await deployments.servedBefore('shop'),
  };
}

test('each sees its own, once', async () => {
  for (const environment of ['local', 'west']) {
    const other = environment === 'local' ? 'west' : 'local';
    const text = JSON.stringify(await readAll(environment));
    expect(text).toContain(environment);
    expect(text).not.toContain(other);
    const { stacks, deployments } = store.of(environment);
    expect(await stacks.list()).toHaveLength(1);
    expect((await stacks.revisions('shop')).map(({ number }) => number)).toEqual([2, 1]);
    expect((await deployments.list('shop', 99)).map(({ id }) => id)).toEqual(
      [3, 2, 1].map((n) => `${environment}-${n}`),
    );
    expect(await deployments.servedBefore('shop')).toBe(1);
    expect((await deployments.latest()).get('shop')?.active?.id).toBe(`${environment}-3`);
  }
});

test('what was asked of a deployment is told in its own environment only', async () => {
  expect(await store.of('west').deployments.request('west-1')).toMatchObject({ action: 'pull' });
  await expect(store.of('local').deployments.request('west-1')).rejects.toThrow('no result');
  expect(await store.of('west').deployments.events('west-1')).toEqual([]);
});

test('a newer deployment of the other does not hide the last one', async () => {
  await store.of('west').deployments.end('west-3', { ...ended, state: 'failed' });
  await store.of('west').deployments.begin({ id: 'zzz', stack: 'shop', action: 'pull' }, requestOf('west'), undefined);
  expect((await store.of('local').deployments.latest()).get('shop')?.last.id).toBe('local-3');
  expect(await store.of('local').deployments.find('zzz')).toBeUndefined();
});

type Part = ReturnType<Store['of']>;
const changes: readonly (readonly [string, (west: Part) => Promise<unknown>])[] = [
  ['saving files', ({ stacks }) => stacks.saveDraft('shop', sourceOf('new'), { NEW: '1' })],
  ['setting a variable', ({ stacks }) => stacks.setVariable('shop', { name: 'OF', value: 'new', secret: true })],
  ['unsetting a variable', ({ stacks }) => stacks.unsetVariable('shop', 'OF')],
  ['forgetting the stack', ({ stacks }) => stacks.forget('shop')],
  ['beginning to run', ({ deployments }) => deployments.start('west-3')],
  ['asking to cancel', ({ deployments }) => deployments.requestCancel('west-3')],
  [
    'a rollback',
    ({ deployments }) =>
      deployments.end('west-3', {
        ...ended,
        state: 'succeeded',
        servingRevision: 1,
        wanted: 'stopped',
        restore: { source: sourceOf('old'), environment: {}, variables: [] },
      }),
  ],
  ['removal', ({ deployments }) => deployments.end('west-3', { ...ended, state: 'succeeded', forget: true })],
  [
    'a new revision',
    ({ deployments }) =>
      deployments.addRevision('west-3', {
        origin: 'west',
        source: undefined,
        summary: { services: [] },
        fingerprint: '',
        content: {} as never,
      }),
  ],
  ['forgetting old revisions', ({ deployments }) => deployments.prune('shop', { revisions: 0, deployments: 0 })],
];

test.each(changes)('%s changes nothing in the other', async (_, change) => {
  const [here, there] = [await readAll('local'), await readAll('west')];
  await change(store.of('west'));
  expect(await readAll('local')).toEqual(here);
  expect(await readAll('west')).not.toEqual(there);
});

test.each(changes.slice(4, 9))('%s of a deployment of the other is not possible', async (_, change) => {
  const there = await readAll('west');
  await change(store.of('local')).catch(() => {});
  expect(await readAll('west')).toEqual(there);
});
