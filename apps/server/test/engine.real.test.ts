import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, dialerFor, type Engine } from '@drover/engine';
import { createLab, type Lab, type LabHost } from '@drover/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { compose, follow, succeed } from './stage/follow.ts';
import { openStageOver, type Stage } from './stage/stage.ts';

let lab: Lab;
let host: LabHost;
let stage: Stage<Engine>;

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: '28' }], images: ['busybox', 'nginx'] });
  [host] = lab.hosts as [LabHost];
  stage = await openStageOver(createEngine({ dialer: dialerFor(host.dockerHost) }), {
    settings: { dockerHost: host.dockerHost },
  });
});
afterAll(async () => {
  await stage?.stop();
  await lab?.down();
});

const ids = async (project: string) => {
  const views = await stage.client.containers.list({ stack: project });
  return Object.fromEntries(views.map(({ name, id }) => [name, id]));
};

test('a project of docker compose whose files are gone is adopted from inspect, with an empty plan', async () => {
  const folder = join(lab.sharedDir, 'foreign');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'compose.yaml'),
    `
services:
  web:
    image: nginx:1.25
    ports: ["18080:80"]
    environment: { LEVEL: "a$$b", EMPTY: "" }
    labels: { owner: somebody }
    depends_on: { cache: { condition: service_healthy } }
    volumes: ["data:/data", "./:/site:ro"]
    networks: { front: { aliases: [shop] }, back: }
    restart: unless-stopped
    mem_limit: 64m
    cpus: 0.5
    logging: { driver: json-file, options: { max-size: 1m } }
  cache:
    image: busybox:1.36
    command: ["sh", "-c", "sleep 100000"]
    scale: 2
    stop_grace_period: 1s
    healthcheck: { test: ["CMD", "true"], interval: 1s, retries: 3 }
    cap_add: [NET_ADMIN]
    ulimits: { nofile: { soft: 1000, hard: 2000 } }
    tmpfs: [/scratch]
    extra_hosts: ["other:10.0.0.1"]
    networks: [back]
volumes:
  data: {}
networks:
  front: {}
  back: { internal: true }
`,
  );
  const up = await host.exec(['docker', 'compose', 'up', '-d', '--wait'], { cwd: folder });
  expect(up.exitCode, up.stderr).toBe(0);
  await expect.poll(async () => (await stage.client.stacks.get({ name: 'foreign' })).state).toBe('unmanaged');
  const refused = await stage.call('POST', '/stacks/foreign/deploy', { body: { source: compose('services: {}') } });
  expect(refused.body).toMatchObject({ message: 'foreign: docker compose made this project; adopt it first' });

  const before = await ids('foreign');
  const { deployment, events } = await succeed(stage.client, stage.client.stacks.adopt({ name: 'foreign' }));
  expect(deployment).toMatchObject({ action: 'adopt', servingRevision: 1, operationsTotal: 0 });
  expect(events.filter(({ type }) => type === 'message')).toEqual([]);
  expect(await stage.client.stacks.plan({ name: 'foreign' })).toMatchObject({ empty: true });
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'foreign' }));
  expect(await ids('foreign')).toEqual(before);
  expect(await stage.client.stacks.get({ name: 'foreign' })).toMatchObject({
    state: 'running',
    wanted: 3,
    revision: 1,
  });
});

test('a command runs in a terminal of the size that is asked for', async () => {
  const { ticket } = await stage.client.session.ticket({ purpose: 'exec', container: 'foreign-cache-1' });
  const socket = new WebSocket(
    `${stage.url.replace('http', 'ws')}/api/containers/foreign-cache-1/exec?ticket=${ticket}`,
  );
  let text = '';
  let last: unknown;
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) text += data.subarray(1).toString();
    else last = JSON.parse(data.toString());
  });
  await new Promise((resolve) => socket.on('open', resolve));
  socket.send(JSON.stringify({ command: ['sh'], tty: true, interactive: true, columns: 91, rows: 17 }));
  socket.send(Buffer.from('stty size; exit 5\n'));
  await closed;
  expect(text).toContain('17 91');
  expect(last).toEqual({ type: 'exit', exitCode: 5 });
});

test('figures, disk usage and a prune that touches neither volumes nor what runs', async () => {
  const stats = await stage.client.containers.stats({ id: 'foreign-cache-1' });
  const { value } = await stats.next();
  expect(value).toMatchObject({ memoryBytes: expect.any(Number) });
  await stats.return?.();
  await host.exec(['docker', 'run', '--name', 'leftover', 'busybox:1.36', 'true']);
  await host.exec(['docker', 'volume', 'create', 'precious']);
  const built = await host.exec([
    'sh',
    '-c',
    'mkdir /context && printf "FROM busybox:1.36\nRUN echo built > /built\n" > /context/Dockerfile && docker build -q /context',
  ]);
  expect(built.exitCode, built.stderr).toBe(0);
  const preview = await stage.client.disk.prunePreview();
  expect(preview.candidates).toContainEqual(expect.objectContaining({ kind: 'container', name: 'leftover' }));
  const wrong = await stage.call('POST', '/disk/prune', { body: { confirm: 'f'.repeat(64) } });
  expect(wrong.status).toBe(409);
  const result = await stage.client.disk.prune({ confirm: preview.confirm });
  expect(result.removed.map(({ name }) => name)).toContain('leftover');
  expect(result.removed).toContainEqual(
    expect.objectContaining({ kind: 'build-cache', sizeBytes: expect.any(Number), reason: expect.any(String) }),
  );
  expect((await stage.client.disk.usage()).buildCache.count).toBe(0);
  expect((await stage.client.volumes.list()).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['precious', 'foreign_data']),
  );
  expect((await stage.client.stacks.get({ name: 'foreign' })).running).toBe(3);
  expect((await stage.client.disk.usage()).containers.count).toBe(3);
});

test('the old image serves again after a rollback, though nothing but Drover names it any more', async () => {
  const source = (tag: string) =>
    compose(`services:\n  app:\n    image: ${tag}\n    command: sleep 10000\n    stop_grace_period: 0s\n`);
  await host.exec(['sh', '-c', 'docker pull -q busybox:1.36 && docker tag busybox:1.36 own/app:1']);
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'own', source: source('own/app:1') }));
  const first = (await stage.engine.images.inspect('own/app:1')).Id;
  await host.exec(['sh', '-c', 'docker tag nginx:1.25 own/app:1']);
  await succeed(stage.client, stage.client.stacks.deploy({ name: 'own', source: source('own/app:1') }));
  await succeed(stage.client, stage.client.stacks.rollback({ name: 'own' }));
  expect((await stage.engine.containers.inspect('own-app-1')).Image).toBe(first);
  const { deployment } = await follow(
    stage.client,
    await stage.client.stacks.remove({ name: 'own', forget: true, timeout: 0 }),
  );
  expect(deployment.state).toBe('succeeded');
  const images = await stage.engine.images.list();
  expect(images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => tag.startsWith('drover/own'))).toEqual([]);
});
