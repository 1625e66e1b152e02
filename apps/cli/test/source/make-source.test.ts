// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose files hold variables
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SourceInput } from '@drover/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCommandLine } from '../../src/run.ts';
import { memoryParts } from '../memory-terminal.ts';

vi.setConfig({ testTimeout: 20_000 });

interface Received {
  readonly blobs: Map<string, string>;
  readonly deploys: { readonly url: string; readonly body: { source?: SourceInput } }[];
}

let folder = '';
let received: Received;
let stop: () => void;
let url = '';

/** Takes uploads and deploys as the API describes them, and refuses the deploy, so that the command ends there. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-source-'));
  received = { blobs: new Map(), deploys: [] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const path = request.url ?? '';
    response.setHeader('content-type', 'application/json');
    if (path === '/api/blobs/missing')
      response.end(
        JSON.stringify({
          missing: (JSON.parse(text) as { sha256: string[] }).sha256.filter((sha) => !received.blobs.has(sha)),
        }),
      );
    else if (path.startsWith('/api/blobs/')) {
      received.blobs.set(path.slice('/api/blobs/'.length), text);
      response.end('{}');
    } else {
      received.deploys.push({ url: path, body: JSON.parse(text) as { source?: SourceInput } });
      response.statusCode = 409;
      response.end(JSON.stringify({ message: 'seen', data: { reason: 'test' } }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => server.close();
});
afterEach(async () => {
  stop();
  await rm(folder, { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function drover(argv: readonly string[], environment: Record<string, string> = {}, directory = folder) {
  const parts = memoryParts({ directory, environment: { DROVER_URL: url, DROVER_TOKEN: 't', ...environment } });
  const code = await runCommandLine(argv, parts);
  const { stdout, stderr } = parts.terminal;
  return {
    code,
    output: stdout.text + stderr.text,
    source: received.deploys.at(-1)?.body.source,
    url: received.deploys.at(-1)?.url,
  };
}

const paths = (source: SourceInput | undefined) => source?.files.map(({ path }) => path).sort();
const entry = (source: SourceInput | undefined, path: string) => source?.files.find((file) => file.path === path);

test('a project goes with everything that it reaches, and nothing else', async () => {
  await write({
    'compose.yaml': `
name: shop
include: [other/inc.yaml]
services:
  web:
    image: nginx:\${TAG}
    env_file: [web.env, {path: none.env, required: false}]
    extends: {file: base.yaml, service: base}
    secrets: [key]
    build: {context: app, ssh: [default=./deploy-key]}
secrets:
  key: {file: ./secrets/key.txt}
`,
    'other/inc.yaml': 'services: {side: {image: busybox}}\n',
    'base.yaml': 'services: {base: {label_file: labels}}\n',
    labels: 'a=b\n',
    'web.env': 'A=${FROM_HOST}\nBARE\n',
    '.env': 'TAG=1\n',
    'secrets/key.txt': 'k',
    'app/Dockerfile': 'FROM x\n',
    'deploy-key': 'k',
    'unrelated.txt': 'x',
  });
  const environment = { FROM_HOST: 'h', BARE: 'b', SECRET_OF_MINE: 'never' };
  const { source, url: path, output } = await drover(['up'], environment);
  expect(output).toBe('drover: seen\n');
  expect(path).toBe('/api/stacks/shop/deploy');
  expect(paths(source)).toEqual([
    '.env',
    'app/Dockerfile',
    'base.yaml',
    'compose.yaml',
    'deploy-key',
    'labels',
    'other/inc.yaml',
    'secrets/key.txt',
    'web.env',
  ]);
  expect(source).toMatchObject({ workingDir: folder, composeFiles: ['compose.yaml'], profiles: [] });
  expect(source?.envFiles).toBeUndefined();
  expect(source?.environment).toEqual({ FROM_HOST: 'h', BARE: 'b' });
  expect(entry(source, '.env')).toEqual({ path: '.env', text: 'TAG=1\n' });
});

test('only the variables that are asked for leave the machine, secrets and PWD among them', async () => {
  await write({
    'compose.yaml':
      'services: {web: {image: "x:${TAG:-1}", environment: [PASSED], volumes: ["${PWD}/a:/a"], secrets: [s]}}\nsecrets: {s: {environment: MY_SECRET}}\n',
  });
  const { source } = await drover(['up', '-p', 'x'], { MY_SECRET: 's3', PASSED: 'p', OTHER: 'o', TAG: '2' });
  expect(source?.environment).toEqual({ MY_SECRET: 's3', PASSED: 'p', PWD: folder, TAG: '2' });
});

test('files outside of the project folder keep their absolute path; env files that were named are listed', async () => {
  await write({
    'app/compose.yaml': 'services: {web: {image: x, env_file: ../shared.env}}\n',
    'shared.env': '',
    'one.env': '',
    'app/.env': 'IGNORED=1\n',
  });
  const { source } = await drover(['-f', 'app/compose.yaml', '--env-file', 'one.env', '-p', 'x', 'up']);
  expect(source).toMatchObject({
    workingDir: join(folder, 'app'),
    composeFiles: ['compose.yaml'],
    envFiles: [join(folder, 'one.env')],
  });
  expect(paths(source)).toEqual([join(folder, 'one.env'), join(folder, 'shared.env'), 'compose.yaml'].sort());
});

test('a build context goes without what .dockerignore leaves out, with links, modes and empty folders', async () => {
  await write({
    'compose.yaml': 'services: {app: {build: {context: ./src, dockerfile: build.Dockerfile}}}\n',
    'src/build.Dockerfile': 'FROM scratch\n',
    'src/.dockerignore': '*.log\nlogs/*\nnode_modules\nbuild.Dockerfile\n!keep.log\n',
    'src/a.log': '',
    'src/keep.log': '',
    'src/node_modules/x/index.js': '',
    'src/run.sh': '#!/bin/sh\n',
    'src/logs/today.log': '',
  });
  await mkdir(join(folder, 'src/empty/below'), { recursive: true });
  await mkdir(join(folder, 'src/node_modules/empty'));
  await chmod(join(folder, 'src/run.sh'), 0o755);
  await symlink('run.sh', join(folder, 'src/link'));
  const { source } = await drover(['up', '-p', 'x']);
  expect(paths(source)).toEqual([
    'compose.yaml',
    'src/.dockerignore',
    'src/build.Dockerfile',
    'src/empty/below',
    'src/keep.log',
    'src/link',
    'src/logs',
    'src/run.sh',
  ]);
  expect(entry(source, 'src/run.sh')).toMatchObject({ mode: 0o755 });
  expect(entry(source, 'src/link')).toEqual({ path: 'src/link', link: 'run.sh' });
  expect(entry(source, 'src/logs')).toEqual({ path: 'src/logs', folder: true });
});

test('large files are uploaded once by their content, and not again when the server has them', async () => {
  const big = 'x'.repeat(200_000);
  await write({
    'compose.yaml': 'services: {app: {build: ./src}}\n',
    'src/Dockerfile': 'FROM scratch\n',
    'src/one': big,
    'src/two': big,
  });
  const first = await drover(['up', '-p', 'x']);
  const sha256 = createHash('sha256').update(big).digest('hex');
  expect([...received.blobs]).toEqual([[sha256, big]]);
  expect(entry(first.source, 'src/two')).toEqual({ path: 'src/two', sha256, size: big.length });
  received.blobs.set(sha256, 'kept');
  await drover(['up', '-p', 'x']);
  expect(received.blobs.get(sha256)).toBe('kept');
});

test('a service of a profile that is not active brings its files along when it is named', async () => {
  await write({
    'compose.yaml': 'services: {app: {image: x}, tool: {build: ./tool, profiles: [tools]}}\n',
    'tool/Dockerfile': 'FROM scratch\n',
  });
  expect(paths((await drover(['up', '-p', 'x'])).source)).toEqual(['compose.yaml']);
  expect(paths((await drover(['up', '-p', 'x', 'tool'])).source)).toEqual(['compose.yaml', 'tool/Dockerfile']);
});

test('a compose file from standard input', async () => {
  const parts = memoryParts({ directory: folder, environment: { DROVER_URL: url, DROVER_TOKEN: 't' } });
  parts.terminal.stdin.end('services: {app: {image: x}}\n');
  await runCommandLine(['-f', '-', '-p', 'x', 'up'], parts);
  expect(received.deploys[0]?.body.source).toMatchObject({
    composeFiles: ['-'],
    files: [{ path: '-', text: 'services: {app: {image: x}}\n' }],
  });
});

test('with a name and no files, those that the server keeps are meant', async () => {
  const { url: path, source } = await drover(['-p', 'shop', 'up']);
  expect([path, source]).toEqual(['/api/stacks/shop/deploy', undefined]);
});

test.each([
  [
    'services: {web: {image: x, secrets: [s]}}\nsecrets:\n  s:\n    file: ./none.txt\n',
    /^drover: compose\.yaml:4:11: the file of the secret s, .*none\.txt, does not exist\n$/,
  ],
  [
    'services:\n  web:\n    build: ./none\n',
    /^drover: compose\.yaml:3:\d+: the folder to build from web, .*none, does not exist\n$/,
  ],
  [
    'services:\n  web:\n    build:\n      context: .\n      ssh: [default=./none]\n',
    /^drover: compose\.yaml:\d+:\d+: the SSH key for the build of web, .*none, does not exist\n$/,
  ],
  ['services:\n  web:\n    imagee: x\n', /^drover: compose\.yaml:3:5: .*imagee.*image/],
  ['services: [', /^drover: compose\.yaml:\d+:\d+: /],
])('wrong files are told with their place, and nothing is sent: %j', async (text, sentence) => {
  await write({ 'compose.yaml': text });
  const { code, output } = await drover(['up', '-p', 'x']);
  expect(output).toMatch(sentence);
  expect(code).toBe(1);
  expect(received.deploys).toEqual([]);
});

test('no files, no such service, no such file', async () => {
  expect((await drover(['up'])).output).toMatch(/^drover: there is no Compose file in .*; name one with -f\n$/);
  expect((await drover(['-f', 'none.yaml', 'up'])).output).toMatch(/^drover: .*none\.yaml.*\n$/);
  await write({ 'compose.yaml': 'services: {web: {image: x}, worker: {image: x}}\n' });
  expect((await drover(['up', '-p', 'x', 'wbe'])).output).toBe(
    'drover: x has no service "wbe". Did you mean web? It has: web, worker\n',
  );
  expect((await drover(['-p', '../x', 'up'])).output).toMatch(/"\.\.\/x"/);
  expect(received.deploys).toEqual([]);
});
