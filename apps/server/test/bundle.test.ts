import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundleFile } from '@drover/contract';
import type { BuildProgress, BuildRequest, Engine } from '@drover/engine';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { confineBuilds } from '../src/domain/source/confined-builds.ts';
import { materialise, removeFiles } from '../src/domain/source/materialise.ts';
import type { Source } from '../src/domain/source/source.ts';
import { compose, succeed } from './stage/follow.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  stage.engine.control.addImage('web:1', { config: { Cmd: ['run'] } });
});
afterEach(() => stage.stop());

const digest = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const web = 'services:\n  web:\n    image: web:1\n';
const upload = (bytes: Buffer, as = digest(bytes)) =>
  stage.call('PUT', `/blobs/${as}`, { raw: bytes, headers: { 'content-type': 'application/octet-stream' } });

test.each([10, 200_000, 3_000_000])('a blob of %i bytes is kept under its digest and sealed on disk', async (size) => {
  const bytes = Buffer.concat([Buffer.from('MARKER'), randomBytes(size)]);
  const sha256 = digest(bytes);
  expect(await stage.client.blobs.missing({ sha256: [sha256] })).toEqual({ missing: [sha256] });
  expect((await upload(bytes)).status).toBe(204);
  expect(await stage.client.blobs.missing({ sha256: [sha256] })).toEqual({ missing: [] });
  await stage.client.stacks.save({
    name: 'shop',
    source: {
      composeFiles: ['c.yaml'],
      files: [
        { path: 'c.yaml', text: web },
        { path: 'big.txt', sha256, size: bytes.length },
      ],
    },
  });
  const { source } = await stage.client.stacks.get({ name: 'shop' });
  expect(source?.files.find(({ path }) => path === 'big.txt')).toMatchObject({ sha256, size: bytes.length });
  for (const file of walk(stage.dataDir)) expect(readFileSync(file).includes('MARKER')).toBe(false);
});

test.each([10, 200_000])('%i bytes that are not those of the digest are refused, and nothing is left', async (size) => {
  const before = walk(join(stage.dataDir, 'blobs'));
  const answer = await upload(randomBytes(size), 'a'.repeat(64));
  expect(answer.status).toBe(400);
  expect((answer.body as { message: string }).message).toContain('not those of this digest');
  expect(await stage.client.blobs.missing({ sha256: ['a'.repeat(64)] })).toEqual({ missing: ['a'.repeat(64)] });
  expect(walk(join(stage.dataDir, 'blobs'))).toEqual(before);
});

test('an upload whose address is no digest is refused', async () => {
  expect((await stage.call('PUT', '/blobs/..%2f..%2fkey', { raw: 'x' })).status).toBe(400);
  expect((await stage.call('PUT', '/blobs/ABC', { raw: 'x' })).status).toBe(400);
});

test.each(['../x', 'a/../../x', './x', 'a//b', 'a/./b', 'a/', '', 'a\0b', '/etc/../x', '..', `${'a/'.repeat(3000)}b`])(
  'the path %j in a bundle is refused',
  async (path) => {
    const files: BundleFile[] = [
      { path: 'compose.yaml', text: web },
      { path, text: 'x' },
    ];
    const answer = await stage.call('PUT', '/stacks/shop', {
      body: { source: { composeFiles: ['compose.yaml'], files } },
    });
    expect(answer.status).toBe(400);
    expect((answer.body as { message: string }).message).toMatch(/^reading the bundle: /);
    expect((await stage.call('GET', '/stacks/shop')).status).toBe(404);
  },
);

test.each<[string, BundleFile[]]>([
  [
    'twice',
    [
      { path: 'a', text: '1' },
      { path: 'a', text: '2' },
    ],
  ],
  [
    'as file and folder',
    [
      { path: 'a', text: '1' },
      { path: 'a/b', text: '2' },
    ],
  ],
  [
    'through a link',
    [
      { path: 'a', link: '/etc' },
      { path: 'a/passwd', text: '2' },
    ],
  ],
  ['without its upload', [{ path: 'a', sha256: 'b'.repeat(64), size: 3 }]],
])('a file that is there %s is refused', async (_, files) => {
  const source = { composeFiles: ['compose.yaml'], files: [{ path: 'compose.yaml', text: web }, ...files] };
  expect((await stage.call('PUT', '/stacks/shop', { body: { source } })).status).toBe(400);
});

test('a Compose file that the bundle does not hold is refused', async () => {
  const source = { composeFiles: ['other.yaml'], files: [{ path: 'compose.yaml', text: web }] };
  const answer = await stage.call('PUT', '/stacks/shop', { body: { source } });
  expect(answer.body).toMatchObject({
    message: 'reading the bundle: it does not hold the file other.yaml that it names',
  });
});

test('nothing outside of the bundle is read', async () => {
  const outside = join(stage.dataDir, 'admin-token');
  const text = `include: [${outside}]\nservices:\n  web:\n    image: web:1\n    env_file: [/etc/passwd]\n`;
  const { diagnostics } = await stage.client.stacks.validate({ name: 'shop', source: compose(text) });
  expect(diagnostics.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
  expect(JSON.stringify(diagnostics)).not.toContain(stage.token);
});

test('a build sees the uploaded context and nothing else', async () => {
  stage.engine.control.publishImage('build:shop-web', { config: { Cmd: ['run'] } });
  const context = [
    { path: 'app/Dockerfile', text: 'FROM web:1\n' },
    { path: 'app/run.sh', text: '#!/bin/sh\n', mode: 0o755 },
  ];
  await succeed(
    stage.client,
    stage.client.stacks.deploy({
      name: 'shop',
      source: compose('services:\n  web:\n    build: ./app\n', context),
    }),
  );
  expect(readdirSync(join(stage.dataDir, 'work'))).toEqual([]);
  const started = await stage.client.stacks.build({
    name: 'shop',
    source: compose('services:\n  web:\n    build: /etc\n'),
  });
  const events = [];
  for await (const event of await stage.client.deployments.events({ id: started.deployment.id })) events.push(event);
  expect(events.at(-1)).toMatchObject({
    deployment: { state: 'failed', failure: { message: expect.stringContaining('is not part of what was uploaded') } },
  });
});

test.each([
  ['cache_from: ["type=local,src=/etc"]', 'the cache type=local,src=/etc is a folder'],
  ['cache_to: ["type=local,dest=/tmp/x"]', 'the cache type=local,dest=/tmp/x is a folder'],
  ['ssh: [default]', 'the SSH agent of ssh default stays with the client'],
  ['ssh: ["default=/root/.ssh/id_rsa"]', 'the SSH key /root/.ssh/id_rsa is not part of what was uploaded'],
])('a build with %s reads nothing of the server', async (setting, sentence) => {
  const context = [{ path: 'app/Dockerfile', text: 'FROM web:1\n' }];
  const started = await stage.client.stacks.build({
    name: 'shop',
    source: compose(`services:\n  web:\n    build: { context: ./app, ${setting} }\n`, context),
  });
  const events = [];
  for await (const event of await stage.client.deployments.events({ id: started.deployment.id })) events.push(event);
  expect(events.at(-1)).toMatchObject({
    deployment: { state: 'failed', failure: { message: expect.stringContaining(sentence) } },
  });
});

test('files are written below their folder and never through a link', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-files-'));
  const outside = mkdtempSync(join(tmpdir(), 'drover-outside-'));
  const contents = new Map([['h', Buffer.from('new')]]);
  const blobs = {
    async *stream(sha256: string) {
      yield contents.get(sha256) ?? Buffer.alloc(0);
    },
  } as unknown as Parameters<typeof materialise>[2];
  try {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(outside, 'kept'), 'old');
    symlinkSync(outside, join(folder, 'data', 'link'));
    symlinkSync(join(outside, 'kept'), join(folder, 'file'));
    const file = (path: string) => ({ path, sha256: 'h', size: 3 });
    await expect(materialise([file('data/link/x')], folder, blobs)).rejects.toThrow('writing data/link/x');
    await expect(materialise([{ path: 'data/link', folder: true }], folder, blobs)).rejects.toThrow(
      'writing data/link',
    );
    await materialise([file('file'), file('new/deep/one'), { path: 'new/link', link: '/etc/passwd' }], folder, blobs);
    await materialise([{ path: 'new/empty/below', folder: true }], folder, blobs);
    expect(readdirSync(join(folder, 'new/empty/below'))).toEqual([]);
    expect(readFileSync(join(outside, 'kept'), 'utf8')).toBe('old');
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'new/deep/one'), 'utf8')).toBe('new');
    await removeFiles(['data/link/kept', 'new/deep/one', 'gone'], folder);
    expect(existsSync(join(outside, 'kept'))).toBe(true);
    expect(existsSync(join(folder, 'new/deep/one'))).toBe(false);
  } finally {
    for (const each of [folder, outside]) rmSync(each, { recursive: true, force: true });
  }
});

function walk(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

test('the files that builds name are written out once each, whoever names them', async () => {
  const contents = new Map([
    ['k', 'key'],
    ['t', 'token'],
  ]);
  const blobs = {
    async *stream(sha256: string) {
      yield Buffer.from(contents.get(sha256) ?? '');
    },
  } as unknown as Parameters<typeof materialise>[2];
  const seen: string[] = [];
  const read = (path = '') => readFileSync(path, 'utf8');
  const engine = {
    images: {
      async *build({ ssh = [], secrets = [] }: BuildRequest): AsyncGenerator<BuildProgress> {
        const files = secrets.map((secret) => ('file' in secret ? read(secret.file) : ''));
        seen.push([...ssh.map((key) => read(key.split('=')[1])), ...files].join(' '));
      },
    },
  } as unknown as Engine;
  const folder = mkdtempSync(join(tmpdir(), 'drover-builds-'));
  const files = ['k', 't'].map((sha256) => ({ path: sha256, sha256, size: 3 }));
  const source = { composeFiles: [], files: [...files, { path: 'app', folder: true }] } as unknown as Source;
  const builds = confineBuilds({ engine, source, workingDir: '/srv', blobs, folder });
  const request = { context: '/srv/app', tags: [], ssh: ['default=/srv/k', 'again=/srv/k'] };
  for await (const _ of builds.engine.images.build({ ...request, secrets: [{ id: 't', file: '/srv/t' }] }));
  for await (const _ of builds.engine.images.build(request));
  expect(seen).toEqual(['key key token', 'key key']);
  await builds.clean();
  expect(existsSync(folder)).toBe(false);
});
