import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { createEngine, dialerFor } from '@drover/engine';
import { askFacts, askLoad, askRenewal, giveCertificate, paths, sendUpgrade } from '@drover/tunnel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DataFolder, openDataFolder } from '../src/data-folder.ts';
import { readIdentity } from '../src/identity.ts';
import { join } from '../src/join.ts';
import { type RunOptions, run } from '../src/run.ts';
import { Software } from '../src/software.ts';
import { status } from '../src/status.ts';
import { hostFingerprint } from './test-authority.ts';
import { TestListener } from './test-listener.ts';

let folder: DataFolder;
let stop: AbortController;

beforeEach(async () => {
  folder = await openDataFolder(joinPath(await mkdtemp(joinPath(tmpdir(), 'drover-agent-')), 'data'));
  stop = new AbortController();
});

afterEach(async () => {
  await rm(joinPath(folder.path, '..'), { recursive: true, force: true });
});

async function joined(listener: TestListener): Promise<void> {
  const { signal } = stop;
  const machine = { software: '0.1.0', hostname: 'n1' };
  await join(folder, {
    server: listener.address,
    authority: listener.authority.fingerprint,
    token: 't',
    machine,
    signal,
  });
}

function options(more: Partial<RunOptions> = {}): RunOptions {
  return {
    docker: dialerFor('unix:///nowhere/docker.sock'),
    version: '0.1.0',
    program: '/usr/bin/drover-agent',
    log: () => {},
    signal: stop.signal,
    ...more,
  };
}

it('stands though the engine is stopped, and says so', async () => {
  await using listener = await TestListener.start();
  await joined(listener);
  const ran = run(folder, options());
  const tunnel = await listener.tunnel(0);
  expect(tunnel.hello.software).toBe('0.1.0');
  const engine = createEngine({ dialer: tunnel.dialer });
  await expect(engine.system.ping()).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('/nowhere/docker.sock: the file does not exist'),
  });
  const facts = await askFacts(tunnel);
  expect(facts).toMatchObject({ engine: null, os: 'linux', engineProblem: expect.stringContaining('does not exist') });
  expect(facts.cpus).toBeGreaterThan(0);
  expect(facts.disks[0]?.totalBytes).toBeGreaterThan(0);
  const load = await askLoad(tunnel);
  expect(load.memoryUsedBytes).toBeGreaterThan(0);
  expect(load.memoryUsedBytes).toBeLessThan(load.memoryBytes);
  expect(await tunnel.request('GET', '/v1/unknown')).toMatchObject({ status: 404, body: { reason: 'path' } });
  stop.abort();
  expect(await ran).toEqual({ type: 'stopped' });
  expect(await tunnel.closed).toBe('the agent stops');
});

it('renews its certificate with the same key, and uses it from the next connection on', async () => {
  await using listener = await TestListener.start();
  await joined(listener);
  const before = await readIdentity(folder);
  const ran = run(folder, options());
  const tunnel = await listener.tunnel(0);
  const authority = listener.authority.certificate;
  const certificate = await listener.authority.agent(await askRenewal(tunnel), 'host-1');
  await giveCertificate(tunnel, { certificate, authority });
  expect((await readIdentity(folder))?.certificate).toBe(certificate);
  expect(hostFingerprint(certificate)).toBe(hostFingerprint(before!.certificate));
  // One for another key is refused, and the good one stays.
  const { cert } = await listener.authority.server();
  await expect(giveCertificate(tunnel, { certificate: cert, authority })).rejects.toMatchObject({
    message: expect.stringContaining('it is for another key'),
  });
  expect((await readIdentity(folder))?.certificate).toBe(certificate);
  tunnel.close('once more');
  await listener.tunnel(1);
  expect(listener.hosts).toEqual([hostFingerprint(certificate), hostFingerprint(certificate)]);
  stop.abort();
  await ran;
});

it('finds a server again that was away, and says how things stand', async () => {
  await using listener = await TestListener.start();
  await joined(listener);
  const said: string[] = [];
  const ran = run(folder, options({ log: (text) => said.push(text) }));
  await listener.tunnel(0);
  await until(async () => (await status(folder)).exit === 'ok');
  await listener.stop();
  await until(async () => (await status(folder)).lines.some((line) => line.includes('nothing listens there')));
  expect((await status(folder)).exit).toBe('unreachable');
  await listener.listen();
  const tunnel = await listener.tunnel(1);
  expect((await tunnel.request('GET', paths.hello)).status).toBe(200);
  stop.abort();
  await ran;
  expect(said.some((text) => text.includes('trying again in'))).toBe(true);
});

const build = Buffer.from('// a new agent');
const sha256 = createHash('sha256').update(build).digest('hex');

it('takes a new build, hands over to it, and makes it current once it has connected', async () => {
  await using listener = await TestListener.start();
  await joined(listener);
  const ran = run(folder, options());
  const tunnel = await listener.tunnel(0);
  await sendUpgrade(tunnel, { software: '0.2.0', bytes: build });
  const end = await ran;
  const path = joinPath(folder.software, `${sha256}.mjs`);
  expect(end).toEqual({ type: 'hand-over', path });
  expect(await readFile(path, 'utf8')).toBe('// a new agent');
  const software = new Software(folder.software);
  expect(await software.isOnTrial(path)).toBe(true);

  const next = run(folder, options({ program: path, version: '0.2.0' }));
  expect((await listener.tunnel(1)).hello.software).toBe('0.2.0');
  await until(async () => !(await software.isOnTrial(path)));
  expect(await software.chosen()).toBe(path);
  stop.abort();
  expect(await next).toEqual({ type: 'stopped' });
});

it('refuses a build that came damaged, and stays', async () => {
  await using listener = await TestListener.start();
  await joined(listener);
  const ran = run(folder, options());
  const tunnel = await listener.tunnel(0);
  const headers = { 'drover-sha256': sha256 };
  const stream = (async function* () {
    yield Buffer.from('// something else');
  })();
  expect(await tunnel.request('PUT', paths.upgrade, { stream, headers })).toMatchObject({
    status: 400,
    body: { reason: 'damaged' },
  });
  expect(await readdir(folder.software)).toEqual([]);
  expect((await tunnel.request('GET', paths.hello)).status).toBe(200);
  stop.abort();
  await ran;
});

it('goes back where the new build never connects, or crashed before it did', async () => {
  await using listener = await TestListener.start();
  await joined(listener);
  const software = new Software(folder.software);
  const path = await software.receive(
    sha256,
    (async function* () {
      yield build;
    })(),
  );
  await listener.stop();
  expect(await run(folder, options({ program: path, trialMs: 50 }))).toEqual({ type: 'go-back' });
  // What the installed program finds when it is started next, also after a crash.
  expect(await software.chosen()).toBeUndefined();
  expect(await software.isOnTrial(path)).toBe(false);
});

it('does not start where the machine has not joined', async () => {
  await expect(run(folder, options())).rejects.toMatchObject({
    code: 'failure',
    message: 'starting the agent: this machine is no host yet; run drover-agent join first',
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 4000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not become so within four seconds');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
