import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataFolder, openDataFolder } from '../src/data-folder.ts';
import type { RunningEnvironment } from '../src/domain/environment/environment-domain.ts';
import { Environments, type EnvironmentsOptions } from '../src/domain/environment/environments.ts';
import { createLog } from '../src/log.ts';
import { openStore, type Store } from '../src/store/store.ts';

// The registry by itself, over environments that only note what is done with them.
const log = createLog('silent');
let data: DataFolder;
let store: Store;
let steps: string[];
beforeEach(async () => {
  data = openDataFolder(mkdtempSync(join(tmpdir(), 'drover-environments-')));
  store = await openStore(data, { log });
  steps = [];
});
afterEach(async () => {
  await store.close();
  data.release();
  rmSync(data.path, { recursive: true, force: true });
});

function noting(name: string, start = async () => {}): RunningEnvironment {
  return {
    domain: { name, kind: 'engine', engine: () => ({ state: 'connected', endpoint: '', sharesFiles: false }) } as never,
    announce: ({ type }) => void steps.push(`${name} told ${type}`),
    resume: async () => void steps.push(`${name} resumed`),
    start: async () => {
      await start();
      steps.push(`${name} started`);
    },
    stop: async () => void steps.push(`${name} stopped`),
  };
}

const open = (options: Partial<EnvironmentsOptions> = {}) =>
  new Environments({ store: store.environments, create: ({ name }) => noting(name), log, ...options });

test('an environment that cannot be had, or whose engine does not answer, stops no other', async () => {
  for (const name of ['bad', 'slow', 'west']) await store.environments.add(name, 'engine');
  const answer = Promise.withResolvers<void>();
  const environments = open({
    create({ name }) {
      if (name === 'bad') throw new Error('it is broken');
      return noting(name, name === 'slow' ? () => answer.promise : undefined);
    },
  });
  await environments.start();
  expect(steps).toEqual(expect.arrayContaining(['local started', 'slow resumed', 'west started']));
  expect(steps).not.toContain('slow started');
  expect(environments.get('west').name).toBe('west');
  expect(() => environments.get('bad')).toThrow('there is no environment "bad"');
  expect(await environments.describe('bad')).toMatchObject({ state: 'unreachable', reason: 'it is not running' });
  answer.resolve();
  await environments.stop();
  expect(steps.filter((step) => step.endsWith('stopped')).sort()).toEqual([
    'local stopped',
    'slow stopped',
    'west stopped',
  ]);
});

test('every deployment that was cut off is under way before the engines are looked for', async () => {
  for (const name of ['east', 'west']) await store.environments.add(name, 'engine');
  const environments = open();
  await environments.start();
  expect(steps.slice(0, 3)).toEqual(['local resumed', 'east resumed', 'west resumed']);
  await environments.stop();
});

test('what holds an environment is said, and it stays', async () => {
  await store.environments.add('west', 'engine');
  let reason: string | undefined = 'the host web-1 is in it; remove it first';
  const environments = open({ heldBy: async () => reason });
  await environments.start();
  await expect(environments.remove('west')).rejects.toThrow(
    'removing the environment west: the host web-1 is in it; remove it first',
  );
  expect(environments.get('west').name).toBe('west');
  reason = undefined;
  await environments.remove('west');
  expect(steps.slice(-2)).toEqual(['west stopped', 'local told environments']);
  expect(() => environments.get('west')).toThrow('there is no environment "west"');
  await environments.stop();
});

test('a stack that comes while its environment goes keeps it', async () => {
  await store.environments.add('west', 'engine');
  const environments = open({
    heldBy: async () => {
      await store.of('west').stacks.setVariable('shop', { name: 'A', value: 'x', secret: false });
      return undefined;
    },
  });
  await environments.start();
  await expect(environments.remove('west')).rejects.toThrow('it has the stack shop');
  await environments.stop();
});

test('nothing is made once the server stops', async () => {
  const environments = open();
  await environments.start();
  await environments.stop();
  await expect(environments.create('west', 'engine')).rejects.toMatchObject({ code: 'stopping' });
  expect((await store.environments.list()).map(({ name }) => name)).toEqual(['local']);
});

test('a stack cannot be kept in an environment that is gone', async () => {
  const { stacks } = store.of('gone');
  await expect(stacks.saveDraft('shop', { composeFiles: [], files: [] }, {})).rejects.toMatchObject({
    code: 'not-found',
    message: 'there is no environment "gone" any more',
  });
});
