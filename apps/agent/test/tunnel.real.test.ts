import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { createEngine, decodeLines, dialerFor, type Engine, readChange } from '@drover/engine';
import { createLab, type Lab } from '@drover/lab';
import { askChanges, askFacts, type Tunnel } from '@drover/tunnel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveContract } from '../../../packages/engine/test/contract/archives.ts';
import { containerContract } from '../../../packages/engine/test/contract/containers.ts';
import { eventContract } from '../../../packages/engine/test/contract/events.ts';
import { execContract } from '../../../packages/engine/test/contract/exec.ts';
import { outputContract } from '../../../packages/engine/test/contract/output.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { join } from '../src/join.ts';
import { run } from '../src/run.ts';
import { TestListener } from './test-listener.ts';

const stop = new AbortController();
let lab: Lab;
let listener: TestListener;
let folder: string;
let tunnel: Tunnel;
let engine: Engine;
let ran: Promise<unknown>;

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: '28' }], images: ['busybox'] });
  listener = await TestListener.start();
  folder = await mkdtemp(joinPath(tmpdir(), 'drover-agent-'));
  const data = await openDataFolder(joinPath(folder, 'data'));
  const { signal } = stop;
  await join(data, {
    server: listener.address,
    authority: listener.authority.fingerprint,
    token: 'a-token',
    machine: { software: '0.1.0', hostname: 'n1' },
    signal,
  });
  const docker = dialerFor(lab.hosts[0]!.dockerHost);
  ran = run(data, { docker, version: '0.1.0', program: '/usr/bin/drover-agent', log: () => {}, signal });
  tunnel = await listener.tunnel(0);
  engine = createEngine({ dialer: tunnel.dialer, buildx: null });
  for await (const _ of engine.images.pull('busybox:1.36'));
});

afterAll(async () => {
  engine?.close();
  stop.abort();
  await ran;
  await listener?.[Symbol.asyncDispose]();
  await lab?.down();
  await rm(folder, { recursive: true, force: true });
});

const subject = () => ({ engine, image: 'busybox:1.36', pullable: null });

describe('a real engine behind an agent', () => {
  describe('containers', () => containerContract(subject));
  describe('exec and attach', () => execContract(subject));
  describe('output', () => outputContract(subject));
  describe('archives', () => archiveContract(subject));
  describe('events', () => eventContract(subject));

  it('builds an image', async () => {
    const context = joinPath(folder, 'context');
    await mkdir(context);
    await writeFile(
      joinPath(context, 'Dockerfile'),
      'FROM busybox:1.36\nCOPY big /big\nRUN test -s /big && echo built-here\n',
    );
    await writeFile(joinPath(context, 'big'), randomBytes(20_000_000));
    let said = '';
    for await (const progress of engine.images.build({ context, tags: ['tunnelled:1'] }))
      said += JSON.stringify(progress);
    expect(said).toContain('built-here');
    expect((await engine.images.inspect('tunnelled:1')).RepoTags).toContain('tunnelled:1');
  });

  it('has its containers told as they change', async () => {
    const leave = new AbortController();
    const stream = await askChanges(tunnel, leave.signal);
    const lines = decodeLines(stream!)[Symbol.asyncIterator]();
    const next = async () => readChange((await lines.next()).value as string);
    expect(await next()).toMatchObject({ type: 'connected', apiVersion: await engine.apiVersion() });
    const { Id } = await engine.containers.create({ Image: 'busybox:1.36', Cmd: ['true'] });
    expect(await next()).toMatchObject({ type: 'event', event: { Action: 'create', Actor: { ID: Id } } });
    expect(await next()).toMatchObject({
      type: 'listed',
      covers: 1,
      ids: [Id],
      containers: [{ Id, State: 'created' }],
    });
    await engine.containers.remove(Id);
    expect(await next()).toMatchObject({ type: 'event', event: { Action: 'destroy' } });
    expect(await next()).toMatchObject({ type: 'listed', ids: [Id], containers: [] });
    leave.abort();
    expect((await lines.next()).done).toBe(true);
  });

  it('is told of by facts', async () => {
    const facts = await askFacts(tunnel);
    expect(facts.engine).toMatchObject({ version: expect.stringMatching(/^28\./), swarmState: 'inactive' });
    expect(facts.engine?.id).toBe((await engine.system.info()).ID);
    expect(facts.cpus).toBeGreaterThan(0);
    expect(tunnel.hello.engineId).toBe(facts.engine?.id);
  });

  it('is told to be stopped by the dialer, and is found again', async () => {
    await lab.hosts[0]!.stopEngine('SIGTERM');
    await expect(engine.system.info()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('no engine answers on'),
    });
    expect((await askFacts(tunnel)).engine).toBeNull();
    await lab.hosts[0]!.startEngine();
    expect((await engine.system.ping()).osType).toBe('linux');
  });
});
