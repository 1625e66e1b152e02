import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildProgress, type BuildRequest, createEngine, unixDialer } from '@drover/engine';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerJson, startTestServer, type TestServer } from '../transport/test-server.ts';

let folder: string;
let server: TestServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-program-'));
  server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, { bridged: true });
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await server[Symbol.asyncDispose]();
});

/** Runs a build with a program of the test in the place of buildx. */
async function build(
  script: string,
  request: Partial<BuildRequest> = {},
  signal?: AbortSignal,
): Promise<BuildProgress[]> {
  const program = join(folder, 'docker-buildx');
  writeFileSync(program, `#!${process.execPath}\n${script}`);
  chmodSync(program, 0o755);
  const engine = createEngine({ dialer: unixDialer(server.path), buildx: program });
  const seen: BuildProgress[] = [];
  for await (const progress of engine.images.build({ context: '/ctx', tags: ['web:1'], ...request }, { signal }))
    seen.push(progress);
  engine.close();
  return seen;
}

const writeId = `require('fs').writeFileSync(process.argv.find((a) => a.startsWith('--iidfile=')).slice(10), 'sha256:abc\\n');`;

it('hands lines on and tells the id of the image', async () => {
  expect(await build(`console.error('#1 first\\n#2 second'); ${writeId}`)).toEqual([
    { type: 'line', text: '#1 first' },
    { type: 'line', text: '#2 second' },
    { type: 'built', imageId: 'sha256:abc' },
  ]);
});

it('gives the program the engine, the credentials of this build, and nothing else', async () => {
  process.env.DROVER_TEST_SECRET = 'not for builds';
  const auth = { 'registry.test': { username: 'me', password: 'secret' }, 'token.test': { identitytoken: 'T' } };
  const lines = await build(
    `const fs = require('fs'), http = require('http'), path = require('path');
     const config = process.env.DOCKER_CONFIG;
     const modes = [config, config + '/config.json', config + '/secret-0'].map((file) => (fs.statSync(file).mode & 0o777).toString(8));
     console.error(JSON.stringify({ env: Object.keys(process.env).sort(), config: JSON.parse(fs.readFileSync(config + '/config.json')), modes, secret: fs.readFileSync(config + '/secret-0', 'utf8') }));
     http.get({ socketPath: process.env.DOCKER_HOST.slice(7), path: '/info' }, (answer) => answer.on('data', (data) => { console.error(String(data)); ${writeId} }));`,
    { registryAuth: auth, secrets: [{ id: 'token', value: 'hidden' }] },
  );
  delete process.env.DROVER_TEST_SECRET;
  const [told, bridged] = lines.map((line) => (line.type === 'line' ? JSON.parse(line.text) : null));
  expect(told).toEqual({
    env: ['DOCKER_CONFIG', 'DOCKER_HOST', 'HOME', 'PATH'],
    config: {
      auths: {
        'registry.test': { auth: Buffer.from('me:secret').toString('base64') },
        'token.test': { identitytoken: 'T' },
      },
    },
    modes: ['700', '600', '600'],
    secret: 'hidden',
  });
  expect(bridged).toEqual({ bridged: true });
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('drover-build-'))).toEqual([]);
});

it('passes an inline Dockerfile as input', async () => {
  const lines = await build(`process.stdin.on('data', (data) => { console.error(String(data)); ${writeId} })`, {
    dockerfileInline: 'FROM scratch',
  });
  expect(lines[0]).toEqual({ type: 'line', text: 'FROM scratch' });
});

it('throws what the program says at its end', async () => {
  await expect(
    build(
      `console.error('#5 ERROR: process "/bin/sh -c false" did not complete'); console.error('ERROR: failed to build: failed to solve: exit code: 1'); process.exit(1);`,
    ),
  ).rejects.toMatchObject({ code: 'build-failed', message: 'building web:1: exit code: 1' });
  await expect(build('process.kill(process.pid, "SIGKILL"); setTimeout(() => {}, 1000)')).rejects.toMatchObject({
    code: 'build-failed',
  });
});

it('says when the program cannot be run', async () => {
  const engine = createEngine({ dialer: unixDialer(server.path), buildx: '/nowhere/docker-buildx' });
  const building = (async () => {
    for await (const _ of engine.images.build({ context: '/ctx', tags: [] }));
  })();
  await expect(building).rejects.toMatchObject({
    code: 'build-failed',
    message: expect.stringMatching(/^building an image: docker buildx could not be run: .*ENOENT/),
  });
});

it('ends the program with the signal and when the consumer leaves', async () => {
  const endless = `console.error(process.pid); setInterval(() => console.error('tick'), 20);`;
  await expect(build(endless, {}, AbortSignal.timeout(300))).rejects.toMatchObject({ code: 'aborted' });
  const engine = createEngine({ dialer: unixDialer(server.path), buildx: join(folder, 'docker-buildx') });
  let pid = 0;
  for await (const progress of engine.images.build({ context: '/ctx', tags: [] })) {
    pid = progress.type === 'line' ? Number(progress.text) : 0;
    break;
  }
  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('refuses a context that is neither a folder nor a URL', async () => {
  await expect(build(writeId, { context: 'relative' })).rejects.toMatchObject({ code: 'bad-request' });
});
