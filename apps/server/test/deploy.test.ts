import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose, follow, succeed } from './stage/follow.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  for (const image of ['web:1', 'web:2', 'redis:7'])
    stage.engine.control.addImage(image, { config: { Cmd: ['run'] }, content: image });
});
afterEach(() => stage.stop());

const twoServices = (web: string) => `
services:
  web:
    image: ${web}
    depends_on: [cache]
    environment:
      LEVEL: \${LEVEL:-info}
      PASSWORD: \${PASSWORD:-}
  cache:
    image: redis:7
`;

const running = async () =>
  (await stage.engine.containers.list()).map(({ Names, Image }) => `${Names[0]?.slice(1)} ${Image}`).sort();

test('a deploy brings the files about and tells of every step', async () => {
  const { events, deployment } = await succeed(
    stage.client,
    stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:1')) }),
  );
  expect(await running()).toEqual(['shop-cache-1 redis:7', 'shop-web-1 web:1']);
  expect(deployment).toMatchObject({ state: 'succeeded', revision: 1, servingRevision: 1 });
  expect(deployment.operationsDone).toBe(deployment.operationsTotal);
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['state', 'phase', 'plan', 'operation', 'ended']),
  );
  const [stack] = await stage.client.stacks.list();
  expect(stack).toMatchObject({ name: 'shop', state: 'running', managed: true, revision: 1, running: 2, wanted: 2 });
  // Whoever comes late, or after a restart, sees the same.
  const again = await follow(stage.client, { deployment });
  expect(again.events.map(({ type }) => type)).toEqual(events.map(({ type }) => type));
  await stage.restart();
  expect((await follow(stage.client, { deployment })).deployment).toEqual(deployment);
});

test('a second deploy of the same does nothing and makes no revision', async () => {
  const source = compose(twoServices('web:1'));
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source }));
  stage.engine.control.clearCalls();
  const { deployment } = await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source }));
  expect(deployment).toMatchObject({ operationsTotal: 0, revision: 1 });
  expect(await stage.client.stacks.revisions({ name: 'shop' })).toHaveLength(1);
  const changing = stage.engine.control.calls.filter(({ name }) => /create|start|stop|remove|tag|pull/.test(name));
  expect(changing).toEqual([]);
});

test('a plan says what a deploy would do, and changes nothing', async () => {
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:1')) }));
  expect(await stage.client.stacks.plan({ name: 'shop' })).toMatchObject({ empty: true });
  const plan = await stage.client.stacks.plan({ name: 'shop', source: compose(twoServices('web:2')) });
  expect(plan.empty).toBe(false);
  expect(plan.services.find(({ service }) => service === 'web')).toMatchObject({ change: 'recreated' });
  expect(JSON.stringify(plan.services)).toContain('web:1');
  expect(await running()).toContain('shop-web-1 web:1');
});

test('a plan tells of an image that is not there yet', async () => {
  stage.engine.control.publishImage('web:3', { config: { Cmd: ['run'] } });
  const plan = await stage.client.stacks.plan({ name: 'shop', source: compose(twoServices('web:3')) });
  expect(plan.diagnostics).toContainEqual(
    expect.objectContaining({ severity: 'info', message: 'web: the image web:3 is pulled first' }),
  );
  expect(stage.engine.control.calls.filter(({ name }) => name === 'images.pull')).toEqual([]);
});

test('a deploy that fails puts the revision before back and says why', async () => {
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:1')) }));
  stage.engine.control.addImage('web:broken', {
    config: { Cmd: ['run'], Healthcheck: { Test: ['CMD', 'false'], Interval: 20_000_000, Retries: 1 } },
    behaviour: { healthyAfter: 'never', errorLogs: ['no configuration', 'giving up'] },
  });
  const { deployment } = await follow(
    stage.client,
    await stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:broken')) }),
  );
  expect(deployment).toMatchObject({ state: 'failed', revision: 2, servingRevision: 1, failure: { service: 'web' } });
  expect(deployment.failure?.logs?.join('\n')).toContain('giving up');
  expect(await running()).toEqual(['shop-cache-1 redis:7', 'shop-web-1 web:1']);
  expect(await stage.client.stacks.get({ name: 'shop' })).toMatchObject({ state: 'running', revision: 1 });
});

test('a deploy that is to watch for longer finds a program out that ends later', async () => {
  // Far beyond a tenth of a second also on a busy machine, so that it passes where nothing longer is asked for.
  const late = { exitAfter: 1_500, exitCode: 3 };
  stage.engine.control.addImage('web:late', { config: { Cmd: ['run'] }, behaviour: late });
  const source = compose(twoServices('web:late'));
  const plain = await stage.client.stacks.deploy({ name: 'other', source });
  expect((await follow(stage.client, plain)).deployment.state).toBe('succeeded');

  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:1')) }));
  const { deployment, events } = await follow(
    stage.client,
    await stage.client.stacks.deploy({ name: 'shop', source, options: { monitor: 60 } }),
  );
  expect(deployment).toMatchObject({ state: 'failed', servingRevision: 1 });
  expect(deployment.failure?.message).toMatch(/^checking \S*shop-web-1: it ended with code 3$/);
  const phases = events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []));
  expect(phases.slice(0, phases.indexOf('rollback'))).toContain('verify');
  expect((await running()).filter((each) => each.startsWith('shop-'))).toEqual([
    'shop-cache-1 redis:7',
    'shop-web-1 web:1',
  ]);
});

test('a deploy cannot watch for longer than it may take', async () => {
  const options = { monitor: 60, timeout: 60 };
  const deploy = stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:1')), options });
  await expect(deploy).rejects.toThrow(/monitor: it is not shorter than the time until the deploy is given up/);
});

test('a first deploy that fails leaves nothing behind', async () => {
  stage.engine.control.addImage('web:broken', {
    config: { Cmd: ['run'] },
    behaviour: { startError: 'exec: "run": executable file not found' },
  });
  const { deployment } = await follow(
    stage.client,
    await stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:broken')) }),
  );
  expect(deployment).toMatchObject({
    state: 'failed',
    failure: { message: 'starting shop-web-1: the image has no program run' },
  });
  expect(deployment.servingRevision).toBeUndefined();
  expect(await stage.engine.containers.list({ all: true })).toEqual([]);
  expect(await stage.client.stacks.get({ name: 'shop' })).toMatchObject({ state: 'failed' });
});

test('two deploys of one stack at once: the second is refused with a sentence', async () => {
  stage.engine.control.setLatency({ 'containers.create': 200 });
  const first = await stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:1')) });
  const second = await stage.call('POST', '/stacks/shop/deploy', { body: { source: compose(twoServices('web:2')) } });
  expect(second.status).toBe(409);
  expect(second.body).toMatchObject({ data: { reason: 'busy' } });
  expect((second.body as { message: string }).message).toContain('is running; wait for its end or cancel it');
  expect((await follow(stage.client, first)).deployment.state).toBe('succeeded');
});

test('cancelling puts the revision before back', async () => {
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:1')) }));
  stage.engine.control.setLatency({ 'containers.create': 300 });
  const started = await stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:2')) });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await stage.client.deployments.cancel({ id: started.deployment.id });
  const { deployment } = await follow(stage.client, started);
  expect(deployment).toMatchObject({ state: 'cancelled', servingRevision: 1 });
  expect(await running()).toEqual(['shop-cache-1 redis:7', 'shop-web-1 web:1']);
});

test('a rollback returns to files, variables and images together', async () => {
  await stage.client.variables.set({ name: 'shop', variable: 'PASSWORD', value: 'first secret', secret: true });
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source: compose(twoServices('web:1')) }));
  await stage.client.variables.set({ name: 'shop', variable: 'PASSWORD', value: 'second secret', secret: true });
  // The same tag is another image by now.
  const before = (await stage.engine.images.inspect('web:1')).Id;
  stage.engine.control.addImage('web:1', { config: { Cmd: ['run'] }, content: 'rebuilt' });
  await succeed(
    stage.client,
    stage.client.stacks.deploy({ name: 'shop', source: compose(`${twoServices('web:1')}# new\n`) }),
  );
  const inspect = async () => await stage.engine.containers.inspect('shop-web-1');
  expect((await inspect()).Image).not.toBe(before);
  expect((await inspect()).Config.Env).toContain('PASSWORD=second secret');

  const { deployment } = await succeed(stage.client, stage.client.stacks.rollback({ name: 'shop' }));
  expect(deployment.revision).toBe(3);
  expect((await inspect()).Image).toBe(before);
  expect((await inspect()).Config.Env).toContain('PASSWORD=first secret');
  const { source, revision } = await stage.client.stacks.get({ name: 'shop' });
  expect(revision).toBe(3);
  expect(source?.files[0]?.text).toBe(twoServices('web:1'));
  expect((await stage.client.stacks.revisions({ name: 'shop' }))[0]).toMatchObject({
    origin: 'rollback to 1',
    serving: true,
  });
  // What is deployed next starts from there.
  expect(await stage.client.stacks.plan({ name: 'shop', revision: 3 })).toMatchObject({});
});

test('stop, start, restart and remove work on what stands; volumes stay', async () => {
  const source = compose(`${twoServices('web:1')}    volumes: ['data:/data']\nvolumes:\n  data: {}\n`);
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'shop', source }));
  await succeed(stage.client, stage.client.stacks.stop({ name: 'shop', timeout: 0 }));
  expect(await running()).toEqual([]);
  expect(await stage.client.stacks.get({ name: 'shop' })).toMatchObject({ state: 'stopped' });
  await succeed(stage.client, stage.client.stacks.start({ name: 'shop' }));
  expect(await running()).toHaveLength(2);
  await succeed(stage.client, stage.client.stacks.restart({ name: 'shop', services: ['web'], timeout: 0 }));
  await succeed(stage.client, stage.client.stacks.remove({ name: 'shop', timeout: 0 }));
  expect(await stage.engine.containers.list({ all: true })).toEqual([]);
  expect((await stage.engine.volumes.list()).Volumes.map(({ Name }) => Name)).toEqual(['shop_data']);
  expect(await stage.client.stacks.get({ name: 'shop' })).toMatchObject({ state: 'stopped', managed: true });
  await succeed(stage.client, stage.client.stacks.remove({ name: 'shop', volumes: ['shop_data'], forget: true }));
  expect((await stage.engine.volumes.list()).Volumes).toEqual([]);
  expect((await stage.call('GET', '/stacks/shop')).status).toBe(404);
});

test('a stack of the UI has its files in the data folder, and keeps what containers wrote there', async () => {
  const text = 'services:\n  web:\n    image: web:1\n    volumes: ["./site:/site:ro"]\n';
  const folder = join(stage.dataDir, 'stacks', 'shop');
  await succeed(
    stage.client,
    stage.client.stacks.deploy({
      name: 'shop',
      source: compose(text, [
        { path: 'site/a.html', text: 'A' },
        { path: 'site/b.html', text: 'B' },
      ]),
    }),
  );
  expect(readFileSync(join(folder, 'site/a.html'), 'utf8')).toBe('A');
  const { HostConfig } = await stage.engine.containers.inspect('shop-web-1');
  expect(JSON.stringify(HostConfig)).toContain(join(folder, 'site'));
  await succeed(
    stage.client,
    stage.client.stacks.deploy({ name: 'shop', source: compose(text, [{ path: 'site/a.html', text: 'A2' }]) }),
  );
  expect(readFileSync(join(folder, 'site/a.html'), 'utf8')).toBe('A2');
  expect(existsSync(join(folder, 'site/b.html'))).toBe(false);
});

test('no secret is on disk in clear, nor in what the API answers', async () => {
  const secret = 'sehr-geheimes-passwort';
  await stage.client.variables.set({ name: 'shop', variable: 'PASSWORD', value: secret, secret: true });
  await succeed(
    stage.client,
    stage.client.stacks.deploy({
      name: 'shop',
      source: {
        ...compose(twoServices('web:1'), [{ path: '.env', text: 'OTHER=ganz-anderes-geheimnis\n' }]),
        workingDir: '/home/somebody/shop',
        environment: { LEVEL: 'drittes-geheimnis' },
      },
    }),
  );
  const stored = Buffer.concat(
    ['drover.db', 'drover.db-wal'].map((name) => readFileSync(join(stage.dataDir, name))),
  ).toString('latin1');
  for (const each of [secret, 'ganz-anderes-geheimnis', 'drittes-geheimnis']) expect(stored).not.toContain(each);
  const shown = [
    await stage.call('GET', '/stacks'),
    await stage.call('GET', '/stacks/shop'),
    await stage.call('GET', '/stacks/shop/variables'),
    await stage.call('GET', '/stacks/shop/deployments'),
    await stage.call('GET', '/stacks/shop/revisions'),
    await stage.call('GET', '/containers/shop-web-1'),
    await stage.call('POST', '/stacks/shop/plan', { body: {} }),
  ];
  for (const { status, text } of shown) {
    expect(status).toBe(200);
    expect(text).not.toContain(secret);
  }
});

test('a plan waits for the health of an image that is not there yet, and tells the place of what stands in its way', async () => {
  const waiting = (api: string) =>
    compose(`
services:
  web:
    image: web:1
    depends_on: { api: { condition: service_healthy } }
  api:
    image: ${api}
`);
  const plan = await stage.client.stacks.plan({ name: 'shop', source: waiting('api:1') });
  expect(plan.operations.map(({ kind }) => kind)).toContain('wait');
  await expect(stage.client.stacks.plan({ name: 'shop', source: waiting('redis:7') })).rejects.toMatchObject({
    data: { reason: 'invalid-source', diagnostics: [{ severity: 'error', origin: { line: 5 } }] },
  });
});
