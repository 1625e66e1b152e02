import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { expect, test } from 'vitest';
import { pinDigests } from '../../src/images/pin-digests.ts';
import { spreadImages } from '../../src/images/spread.ts';
import { resolveSwarmImages } from '../../src/images/swarm-images.ts';
import { makeProject, makeService } from '../make-project.ts';

const images = (...refs: string[]) => new Map(refs.map((ref) => [ref, [ref.split(':')[0] ?? ref]]));
const callsOf = (engine: FakeEngine, name: string) =>
  engine.control.calls.filter((call) => call.name === name).map(({ target }) => target);
const digest = /^sha256:[0-9a-f]{64}$/;

test('a digest is the one that is written, else the one that the registry tells, without a pull', async () => {
  const engine = createFakeEngine();
  engine.control.publishImage('redis:7');
  const written = `web@sha256:${'a'.repeat(64)}`;
  const { pinned, unpublished } = await pinDigests({ engine, images: images('redis:7', written) });
  expect(pinned.get('redis:7')).toMatchObject({
    pinned: expect.stringMatching(/^redis:7@sha256:[0-9a-f]{64}$/),
    digest: expect.stringMatching(digest),
    platforms: [{ os: 'linux', architecture: 'amd64' }],
  });
  expect(pinned.get(written)?.pinned).toBe(written);
  expect(unpublished).toEqual([]);
  expect(callsOf(engine, 'images.pull')).toEqual([]);
});

test('where the registry cannot be reached a pull tells, and the registry is not asked again', async () => {
  const engine = createFakeEngine();
  for (const ref of ['a:1', 'b:1', 'c:1']) engine.control.publishImage(ref);
  engine.control.fail({
    call: 'distribution.inspect',
    code: 'server',
    reason: 'dial tcp: lookup registry-1.docker.io: no such host',
  });
  const { pinned } = await pinDigests({ engine, images: images('a:1', 'b:1', 'c:1'), parallel: 1 });
  expect([...pinned.keys()].sort()).toEqual(['a:1', 'b:1', 'c:1']);
  expect(callsOf(engine, 'distribution.inspect')).toEqual(['a:1']);
  expect(callsOf(engine, 'images.pull')).toEqual(['a:1', 'b:1', 'c:1']);
});

test('what only the engine has is told apart from what nobody has, and all of that is named at once', async () => {
  const engine = createFakeEngine();
  engine.control.addImage('built:1');
  const { unpublished } = await pinDigests({ engine, images: images('built:1') });
  expect(unpublished).toEqual(['built:1']);
  const never = await pinDigests({ engine, images: images('built:1'), policyOf: () => 'never' });
  expect(never.unpublished).toEqual(['built:1']);
  await expect(pinDigests({ engine, images: images('built:1', 'x:1', 'y:1') })).rejects.toThrow(
    /^x: pulling x:1: .*; y: pulling y:1: /,
  );
});

test('while a registry is away, what was pulled before keeps its digest', async () => {
  const engine = createFakeEngine();
  engine.control.publishImage('redis:7');
  for await (const _ of engine.images.pull('redis:7'));
  for (const call of ['distribution.inspect', 'images.pull'] as const)
    engine.control.fail({ call, code: 'server', reason: 'dial tcp: no route to host' });
  const { pinned } = await pinDigests({ engine, images: images('redis:7') });
  expect(pinned.get('redis:7')?.pinned).toMatch(/^redis:7@sha256:/);
});

test.each(['distribution.inspect', 'images.pull'] as const)(
  'an engine that is away at %s is no fault of an image',
  async (call) => {
    for (const code of ['unreachable', 'connection-lost', 'no-leader'] as const) {
      const engine = createFakeEngine();
      engine.control.addImage('redis:7');
      engine.control.fail({ call, code, reason: 'away' });
      await expect(pinDigests({ engine, images: images('redis:7') })).rejects.toMatchObject({ code });
    }
  },
);

test('credentials go to the registry that they are for, and an image that wants others is named', async () => {
  const engine = createFakeEngine();
  const account = { username: 'me', password: 'right' };
  engine.control.publishImage('registry.example.com/app:1', { credentials: account });
  const request = { engine, images: images('registry.example.com/app:1') };
  const asked: string[] = [];
  const credentials = async (registry: string) => {
    asked.push(registry);
    return account;
  };
  expect((await pinDigests({ ...request, credentials })).pinned.size).toBe(1);
  expect(asked).toEqual(['registry.example.com']);
  await expect(pinDigests(request)).rejects.toThrow(/unauthorized/);
});

test('what no registry has is loaded into the hosts that lack it, once, and is run by its id', async () => {
  const [from, has, lacks] = [createFakeEngine(), createFakeEngine(), createFakeEngine()];
  for (const engine of [from, has]) engine.control.addImage('built:1', { content: 'same' });
  const hosts = [
    { name: 'n1', engine: from },
    { name: 'n2', engine: has },
    { name: 'n3', engine: lacks },
  ];
  const request = { from: { name: 'n1', engine: from }, to: hosts, images: ['built:1'] };
  const { Id } = await from.images.inspect('built:1');
  expect(await spreadImages(request)).toEqual(new Map([['built:1', Id]]));
  expect((await lacks.images.inspect('built:1')).Id).toBe(Id);
  expect([has, lacks].map((engine) => callsOf(engine, 'images.load').length)).toEqual([0, 1]);
  await spreadImages(request);
  expect(callsOf(lacks, 'images.load')).toHaveLength(1);
});

test('a host that cannot take an image is named, and the others get it', async () => {
  const [from, full, good] = [createFakeEngine(), createFakeEngine(), createFakeEngine()];
  from.control.addImage('built:1');
  full.control.fail({ call: 'images.load', code: 'server', reason: 'no space left on device' });
  const to = [
    { name: 'n2', engine: full },
    { name: 'n3', engine: good },
  ];
  await expect(spreadImages({ from: { name: 'n1', engine: from }, to, images: ['built:1'] })).rejects.toThrow(
    'bringing built:1 to the host n2',
  );
  expect((await good.images.inspect('built:1')).RepoTags).toEqual(['built:1']);
});

test('a built image is pushed where its name says so, and loaded everywhere where it does not', async () => {
  const [manager, other] = [createFakeEngine(), createFakeEngine()];
  for (const name of ['shop-plain', 'registry.example.com/team/app:2']) manager.control.publishImage(`build:${name}`);
  const build = { context: '/srv/web' };
  const { image: _, ...plain } = makeService({ build });
  const project = makeProject(
    {},
    { services: { plain, named: makeService({ build, image: 'registry.example.com/team/app:2' }) } },
  );
  const hosts = [
    { name: 'n1', engine: manager },
    { name: 'n2', engine: other },
  ];
  const settled = await resolveSwarmImages({ engine: manager, manager: 'n1', hosts, project, now: 0 });
  expect(settled.get('named')?.pinned).toMatch(/^registry\.example\.com\/team\/app:2@sha256:[0-9a-f]{64}$/);
  expect(settled.get('plain')?.pinned).toMatch(digest);
  expect((await other.images.inspect('shop-plain')).Id).toBe(settled.get('plain')?.pinned);
});
