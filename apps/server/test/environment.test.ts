import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ChangeEvent } from '@drover/contract';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openDataFolder } from '../src/data-folder.ts';
import { Blobs } from '../src/domain/source/blobs.ts';
import { parseApiPath } from '../src/http/api-address.ts';
import { createLog } from '../src/log.ts';
import { openStore } from '../src/store/store.ts';
import { collectEvents } from './stage/collect-events.ts';
import { compose, follow, succeed } from './stage/follow.ts';
import { type Client, openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
let far: FakeEngine;
let west: Client;
beforeEach(async () => {
  far = createFakeEngine();
  stage = await openStage({ engines: { west: far } });
  for (const engine of [stage.engine, far])
    for (const image of ['web:1', 'web:2'])
      engine.control.addImage(image, { config: { Cmd: ['run'] }, content: image });
  await stage.client.environments.create({ name: 'west' });
  west = stage.clientOf('west');
  await expect.poll(async () => (await west.system.info()).engine.state).toBe('connected');
});
afterEach(() => stage.stop());

const web = (image: string, environment = '') =>
  compose(`services:\n  web:\n    image: ${image}\n    stop_grace_period: 0s\n${environment}`);
const deploy = (client: Client, image: string) =>
  succeed(client, client.stacks.deploy({ name: 'shop', source: web(image) }));
const imagesOn = async (engine: FakeEngine) => (await engine.containers.list()).map(({ Image }) => Image);

test('stacks of one name in two environments: neither sees the other', { timeout: 20_000 }, async () => {
  const here = await deploy(stage.client, 'web:1');
  const there = await deploy(west, 'web:2');
  await deploy(west, 'web:1');
  expect(await imagesOn(stage.engine)).toEqual(['web:1']);
  expect(await imagesOn(far)).toEqual(['web:1']);
  expect(await stage.client.stacks.get({ name: 'shop' })).toMatchObject({ revision: 1, running: 1 });
  expect(await west.stacks.get({ name: 'shop' })).toMatchObject({ revision: 2, running: 1 });
  expect(await stage.client.stacks.revisions({ name: 'shop' })).toHaveLength(1);
  expect(await stage.client.deployments.list({ name: 'shop' })).toHaveLength(1);
  expect(await west.deployments.list({ name: 'shop' })).toHaveLength(2);

  const ofHere = { id: here.deployment.id };
  const ofThere = { id: there.deployment.id };
  await expect(west.deployments.get(ofHere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(stage.client.deployments.get(ofThere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(west.deployments.cancel(ofHere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(follow(west, here)).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const [container] = await stage.client.containers.list({});
  await expect(west.containers.inspect({ id: container?.id ?? '' })).rejects.toMatchObject({ code: 'NOT_FOUND' });

  await succeed(west, west.stacks.remove({ name: 'shop', forget: true, timeout: 0 }));
  expect(await west.stacks.list()).toEqual([]);
  expect(await stage.client.stacks.get({ name: 'shop' })).toMatchObject({ state: 'running', revision: 1 });
  await stage.restart();
  expect(await stage.client.stacks.get({ name: 'shop' })).toMatchObject({ state: 'running', revision: 1 });
  expect((await stage.client.environments.list()).map(({ name, stacks }) => [name, stacks])).toEqual([
    ['local', 1],
    ['west', 0],
  ]);
});

test('variables are of one environment', async () => {
  await stage.client.variables.set({ name: 'shop', variable: 'PASSWORD', value: 'here', secret: true });
  expect(await west.variables.list({ name: 'shop' })).toEqual([]);
  await west.variables.set({ name: 'shop', variable: 'PASSWORD', value: 'there', secret: false });
  expect(await west.variables.list({ name: 'shop' })).toMatchObject([{ value: 'there' }]);
  await west.variables.unset({ name: 'shop', variable: 'PASSWORD' });
  expect(await stage.client.variables.list({ name: 'shop' })).toMatchObject([{ name: 'PASSWORD', secret: true }]);
});

test('what is sealed in one environment opens in no other', async () => {
  const data = openDataFolder(join(stage.dataDir, 'other'));
  const store = await openStore(data, { log: createLog('silent') });
  await store.environments.add('west', 'engine');
  await store.of('local').stacks.setVariable('shop', { name: 'PASSWORD', value: 'here', secret: true });
  await store.of('west').stacks.setVariable('shop', { name: 'PASSWORD', value: 'there', secret: true });
  const direct = new DatabaseSync(data.store);
  direct.exec(
    `update variable set sealed = (select sealed from variable where environment = 'west') where environment = 'local'`,
  );
  direct.close();
  await expect(store.of('local').stacks.variables('shop')).rejects.toThrow('opening stack/shop/variable/PASSWORD');
  await store.environments.saveSettings('west', { token: 'hidden' });
  expect(await store.environments.settings('west')).toEqual({ token: 'hidden' });
  expect(readFileSync(data.store).includes('hidden')).toBe(false);
  await store.close();
  data.release();
});

test('an event stream tells of its own environment alone', async () => {
  const [here, there] = await Promise.all([collectEvents(stage.client), collectEvents(west)]);
  const seen = { here: here.events, there: there.events };
  // A subscription stands once something of its own came through it.
  await expect
    .poll(async () => {
      await stage.client.variables.set({ name: 'a', variable: 'A', value: 'x' });
      await deploy(stage.client, 'web:1');
      await deploy(west, 'web:1');
      return Object.values(seen).every((events) => events.some(({ type }) => type === 'stack'));
    })
    .toBe(true);
  seen.here.length = 0;
  seen.there.length = 0;
  await deploy(west, 'web:2');
  await expect.poll(() => seen.there.some(({ type }) => type === 'container')).toBe(true);
  expect(seen.there.some(({ type }) => type === 'deployment')).toBe(true);
  expect(seen.here).toEqual([]);
  // What concerns the whole server is told to all.
  await stage.client.environments.create({ name: 'east' });
  const told = (events: ChangeEvent[]) => events.some(({ type }) => type === 'environments');
  await expect.poll(() => told(seen.here) && told(seen.there)).toBe(true);
  expect(seen.here).toEqual([{ type: 'environments' }]);
  await Promise.all([here.stop(), there.stop()]);
});

test('a one-time ticket is good in its own environment only', async () => {
  for (const engine of [stage.engine, far]) {
    const { Id } = await engine.containers.create({ Image: 'web:1' }, { name: 'tool' });
    await engine.containers.start(Id);
  }
  const open = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/api${path}`);
      let last = '';
      socket.on('open', () => socket.send(JSON.stringify({ command: ['echo', 'hello'] })));
      socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) last = (JSON.parse(data.toString()) as { type: string }).type;
      });
      socket.on('close', (_, reason) => resolve(last || reason.toString()));
      socket.on('error', reject);
    });
  const ticket = async (client: Client) => (await client.session.ticket({ purpose: 'exec', container: 'tool' })).ticket;
  const notGood = 'the ticket is not good: it was used, has expired, or is for something else';
  expect(await open(`/environments/west/containers/tool/exec?ticket=${await ticket(west)}`)).toBe('exit');
  expect(await open(`/environments/local/containers/tool/exec?ticket=${await ticket(stage.client)}`)).toBe('exit');
  expect(await open(`/containers/tool/exec?ticket=${await ticket(west)}`)).toBe(notGood);
  expect(await open(`/environments/west/containers/tool/exec?ticket=${await ticket(stage.client)}`)).toBe(notGood);
  expect(await open(`/environments/nowhere/containers/tool/exec?ticket=${await ticket(west)}`)).toBe(notGood);
});

test('files that only another environment needs stay', async () => {
  const data = openDataFolder(join(stage.dataDir, 'other'));
  const store = await openStore(data, { log: createLog('silent') });
  await store.environments.add('west', 'engine');
  const [needed = '', unused = ''] = await store.blobs.putAll([Buffer.from('a'), Buffer.from('b')]);
  const files = [{ path: 'compose.yaml', sha256: needed, size: 1 }];
  await store.of('west').stacks.saveDraft('shop', { composeFiles: ['compose.yaml'], files }, {});
  expect(await store.of('local').stacks.list()).toEqual([]);
  const collecting = new Blobs({
    store: { ...store.blobs, forgetUnused: (referred) => store.blobs.forgetUnused(referred, '9999') },
    allSources: () => store.allSources(),
    log: createLog('silent'),
  });
  await collecting.collectGarbage();
  expect(await store.blobs.missing([needed, unused])).toEqual([unused]);
  await store.close();
  data.release();
});

test('files of stacks lie apart', async () => {
  await deploy(stage.client, 'web:1');
  await deploy(west, 'web:2');
  const text = (path: string) => readFileSync(join(stage.dataDir, path, 'shop', 'compose.yaml'), 'utf8');
  expect(text('stacks')).toContain('web:1');
  expect(text('environments/west/stacks')).toContain('web:2');
});

test('an environment without a host says what to do, and stops nothing else', async () => {
  await stage.client.environments.create({ name: 'east' });
  const east = stage.clientOf('east');
  const advice = 'no host has joined the environment east yet; `drover host add -E east` gives the line to run on one';
  await expect.poll(async () => (await east.system.info()).engine.reason).toContain(advice);
  await expect(east.images.list()).rejects.toMatchObject({ message: expect.stringContaining(advice) });
  expect(await stage.client.environments.get({ name: 'east' })).toMatchObject({
    state: 'unreachable',
    reason: expect.stringContaining(advice),
  });
  expect(await east.stacks.list()).toEqual([]);
  await stage.restart();
  await deploy(west, 'web:1');
  expect(await stage.client.environments.get({ name: 'west' })).toMatchObject({ state: 'connected', stacks: 1 });
});

test('a deployment of another environment that a stop cut off is gone on with there', async () => {
  far.control.setLatency({ '*': 40 });
  const started = await west.stacks.deploy({ name: 'shop', source: web('web:2') });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await stage.restart();
  expect((await follow(west, started)).deployment).toMatchObject({ state: 'succeeded' });
  far.control.setLatency({});
  expect(await imagesOn(far)).toEqual(['web:2']);
  expect(await imagesOn(stage.engine)).toEqual([]);
});

test('an environment goes when it holds nothing, and its streams end with it', async () => {
  const { environments } = stage.client;
  await expect(environments.remove({ name: 'local' })).rejects.toThrow('it is the engine of this server, always there');
  await expect(environments.remove({ name: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await deploy(west, 'web:1');
  await expect(environments.remove({ name: 'west' })).rejects.toMatchObject({
    code: 'CONFLICT',
    message:
      'removing the environment west: it has the stack shop; remove and forget them first (drover -E west down --forget)',
  });
  await succeed(west, west.stacks.remove({ name: 'shop', forget: true, timeout: 0 }));
  const stream = (async () => {
    for await (const _ of await west.system.events({}));
  })();
  await environments.remove({ name: 'west' });
  await stream.catch(() => {});
  expect((await environments.list()).map(({ name }) => name)).toEqual(['local']);
  const gone = await stage.call('GET', '/environments/west/stacks');
  expect([gone.status, gone.body]).toEqual([
    404,
    expect.objectContaining({ message: 'there is no environment "west"' }),
  ]);
  await stage.restart();
  expect((await environments.list()).map(({ name }) => name)).toEqual(['local']);
  // A new one of the name begins with nothing.
  await environments.create({ name: 'west' });
  expect(await west.deployments.list({ name: 'shop' })).toEqual([]);
});

test('a deployment that runs holds its environment', async () => {
  far.control.setLatency({ '*': 40 });
  await west.stacks.deploy({ name: 'shop', source: web('web:2') });
  await expect(stage.client.environments.remove({ name: 'west' })).rejects.toThrow('it has the stack shop');
});

test.each(['', 'UPPER', 'a b', '../x', 'a/b', '-x', 'a_b', 'x'.repeat(64), 'ünïcode', 'a\0', '%6cocal'])(
  'no environment is made of the name %j',
  async (name) => {
    await expect(stage.client.environments.create({ name })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('is no name for an environment'),
    });
    expect(readdirSync(join(stage.dataDir, 'environments'))).toEqual([]);
  },
);

test('names are taken once', async () => {
  const { environments } = stage.client;
  await expect(environments.create({ name: 'west' })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(environments.create({ name: 'local' })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect((await environments.list()).map(({ name }) => name)).toEqual(['local', 'west']);
});

test.each([
  ['/environments/west/stacks', 'west', '/stacks'],
  ['/environments/west/stacks/a%2Fb', 'west', '/stacks/a%2Fb'],
  ['/environments//stacks', '', '/stacks'],
  ['/environments/we%2Fst/stacks', 'we%2Fst', '/stacks'],
  ['/environments/a/environments/b/stacks', 'a', '/environments/b/stacks'],
  ['/environments/west', 'local', '/environments/west'],
  ['/environments/west/', 'local', '/environments/west/'],
  ['/environments', 'local', '/environments'],
  ['/environmentsx/west/stacks', 'local', '/environmentsx/west/stacks'],
  ['/stacks/environments/west/stacks', 'local', '/stacks/environments/west/stacks'],
])('%s speaks of %j', (path, environment, rest) => {
  expect(parseApiPath(path)).toMatchObject({ environment, path: rest });
});

test.each([
  '/environments//stacks',
  '/environments/nowhere/stacks',
  '/environments/WEST/stacks',
  '/environments/%6cocal/stacks',
  '/environments/west%2F/stacks',
  '/environments/west%2f..%2flocal/stacks',
  '/environments/west%00/stacks',
  '/environments/west%/stacks',
  '/environments/west//stacks',
  '/environments/west/environments/local/stacks',
  '/environments/west/%2e%2e%2fstacks',
  `/environments/${'x'.repeat(8000)}/stacks`,
  // Of the whole server: under no environment.
  '/environments/west/registries',
  '/environments/west/session',
  '/environments/west/environments',
  '/environments/west/openapi.json',
])('GET %s is answered with 404 in words', async (path) => {
  await stage.client.variables.set({ name: 'shop', variable: 'A', value: 'x' });
  const { status, body } = await stage.call('GET', path);
  expect(status).toBe(404);
  expect(body).toMatchObject({ data: { reason: 'not-found' }, message: expect.stringMatching(/^there is no /) });
  expect(JSON.stringify(body).length).toBeLessThan(17_000);
  expect((await stage.call('GET', path, { token: null })).status).toBe(401);
});

test('dot segments are resolved before anything else', async () => {
  await stage.client.variables.set({ name: 'shop', variable: 'A', value: 'x' });
  const names = async (path: string) => {
    const { body } = await stage.call('GET', path);
    return (body as { name: string }[]).map(({ name }) => name);
  };
  expect(await names('/environments/west/stacks')).toEqual([]);
  expect(await names('/environments/west/../../stacks')).toEqual(['shop']);
  expect(await names('/environments/local/%2e%2e/west/stacks')).toEqual([]);
});

test('uploads and backups are of the server: below an environment there are none', async () => {
  const upload = await stage.call('PUT', `/environments/west/blobs/${'a'.repeat(64)}`, { raw: 'x' });
  expect([upload.status, upload.body]).toEqual([
    404,
    expect.objectContaining({
      message: `there is no route PUT /api/environments/west/blobs/${'a'.repeat(64)}: this belongs to the server, not to an environment; ask /api/blobs/${'a'.repeat(64)}`,
    }),
  ]);
  expect((await stage.call('POST', '/environments/west/system/backup')).status).toBe(404);
});

test('the OpenAPI document has both addresses, and says which routes have the first alone', async () => {
  const { body } = await stage.call('GET', '/openapi.json');
  const { servers, paths } = body as {
    servers: { url: string }[];
    paths: Record<string, Record<string, { servers?: { url: string }[] }>>;
  };
  expect(servers.map(({ url }) => url)).toEqual(['/api', '/api/environments/{environment}']);
  expect(paths['/stacks']?.get?.servers).toBeUndefined();
  expect(paths['/containers/{id}/exec']?.get?.servers).toBeUndefined();
  for (const [path, method] of [
    ['/registries', 'get'],
    ['/blobs/{sha256}', 'put'],
    ['/environments', 'post'],
    ['/system/backup', 'post'],
    ['/openapi.json', 'get'],
  ] as const)
    expect(paths[path]?.[method]?.servers, path).toEqual([{ url: '/api' }]);
});
