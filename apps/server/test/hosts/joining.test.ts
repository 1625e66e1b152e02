import { X509Certificate } from 'node:crypto';
import { publicKeyFingerprint } from '@drover/tunnel';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeAgent } from './fake-agent.ts';
import { type HostStage, openHostStage } from './host-stage.ts';

// Each makes keys, a store and TLS connections of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let stage: HostStage;
beforeEach(async () => {
  stage = await openHostStage();
});
afterEach(() => stage.stop());

const agent = (hostname: string, engineId?: string) => FakeAgent.make(stage.portNumber, hostname, engineId);

test('a machine joins: its certificate names it, under the authority that the line pins', async () => {
  const one = await (await agent('Web_1')).mustJoin(await stage.token());
  expect(publicKeyFingerprint(one.answer?.authority ?? '')).toBe(stage.authority.fingerprint);
  expect(new X509Certificate(one.answer?.certificate ?? '').subjectAltName).toBe(`URI:drover:host/${one.hostId}`);
  expect(stage.hosts.get(one.hostId)).toMatchObject({ name: 'web-1', environment: 'swarm', state: 'connecting' });
  expect(stage.events.at(-1)).toMatchObject({ type: 'host', host: one.hostId, state: 'connecting' });
});

test('a token lets as many machines in as it is for, and tells the next one so', async () => {
  const token = await stage.token({ uses: 2 });
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => agent(name)));
  expect((await a?.join(token))?.status).toBe(200);
  expect((await b?.join(token))?.status).toBe(200);
  expect(await c?.join(token)).toMatchObject({
    status: 401,
    body: { message: 'joining: the join token was used by 2 machines already; make a new one with: drover host add' },
  });
});

test('the last use of a token goes to one of those who come at once', async () => {
  const token = await stage.token({ uses: 1 });
  const agents = await Promise.all(['a', 'b', 'c', 'd'].map((name) => agent(name)));
  const answers = await Promise.all(agents.map((each) => each.join(token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  expect(stage.hosts.list()).toHaveLength(1);
});

test('a stolen token is of no use after it was used, and not after its time, nor after it was revoked', async () => {
  const token = await stage.token({ uses: 1 });
  await (await agent('mine')).mustJoin(token);
  const thief = await agent('thief');
  expect((await thief.join(token)).body.message).toMatch(/^joining: the join token was used already;/);
  const short = await stage.token({ expiresSeconds: 60 });
  stage.clockOffMs = 61_000;
  expect((await thief.join(short)).body.message).toMatch(/^joining: the join token expired at 20/);
  const revoked = await stage.token();
  await stage.hosts.tokens.revoke(revoked.split('.')[0] ?? '');
  expect((await thief.join(revoked)).body.message).toMatch(/^joining: the join token was revoked;/);
  expect(stage.hosts.list().map(({ name }) => name)).toEqual(['mine']);
});

test('a wrong token is refused, and after many of them the address is told to wait while a right one still passes', async () => {
  const token = await stage.token();
  const [id] = token.split('.');
  const guesser = await agent('guesser');
  for (const wrong of ['x', `${id}.${'A'.repeat(32)}`, `${'0'.repeat(12)}.${'A'.repeat(32)}`])
    expect(await guesser.join(wrong)).toMatchObject({ status: 401, body: { reason: 'unauthenticated' } });
  const statuses = [];
  for (let i = 0; i < 20; i += 1) statuses.push((await guesser.join('x')).status);
  expect(statuses).toContain(429);
  expect((await guesser.join(token)).status).toBe(200);
});

test('tokens are shown with their state and never with their secret', async () => {
  const token = await stage.token({ uses: 3 });
  await (await agent('a')).mustJoin(token);
  const listed = await stage.hosts.tokens.list();
  expect(listed).toMatchObject([{ environment: 'swarm', uses: 3, used: 1, state: 'open' }]);
  expect(JSON.stringify(listed)).not.toContain(token.split('.')[1]);
});

test('joining again with the key of a host repairs it, with a used token and an expired one too', async () => {
  const token = await stage.token({ uses: 1 });
  const one = await (await agent('one')).mustJoin(token);
  const { hostId } = one;
  stage.clockOffMs = 40 * 24 * 3_600_000;
  await one.mustJoin(token);
  expect(one.hostId).toBe(hostId);
  expect(stage.hosts.list()).toHaveLength(1);
  const end = new X509Certificate(one.answer?.certificate ?? '').validToDate;
  expect(end.getTime()).toBeGreaterThan(Date.now() + 60 * 24 * 3_600_000);
});

test('a machine with the engine of a known host but not its key is refused with the two ways out', async () => {
  await (await agent('web', 'the-engine')).mustJoin(await stage.token());
  const again = await agent('web', 'the-engine');
  const { status, body } = await again.join(await stage.token());
  expect(status).toBe(409);
  expect(body.message).toContain('drover host add --replace web');
  expect(body.message).toContain('/var/lib/docker/engine-id');
  const old = stage.hosts.list()[0];
  await again.mustJoin(await stage.token({ replaces: 'web' }));
  expect(stage.hosts.list()).toMatchObject([{ id: old?.id, name: 'web' }]);
});

test('an environment of one engine takes one host, and a token for one machine', async () => {
  await expect(stage.token({ environment: 'one', uses: 2 })).rejects.toThrow('one machine only can join here, not 2');
  const [first, second] = [await stage.token({ environment: 'one' }), await stage.token({ environment: 'one' })];
  await (await agent('a')).mustJoin(first);
  expect((await (await agent('b')).join(second)).body.message).toContain('is one engine and has its host, a');
  await expect(stage.token({ environment: 'one' })).rejects.toThrow('drover host add --replace a');
  await expect(stage.token({ environment: 'nowhere' })).rejects.toThrow('there is no environment nowhere');
});

test('machines that join side by side take names and engines of their own, and one of them the only place of an engine', async () => {
  const token = await stage.token({ uses: 8 });
  const same = await Promise.all(Array.from({ length: 4 }, (_, nth) => agent('web', `engine-${nth}`)));
  await Promise.all(same.map((each) => each.mustJoin(token)));
  expect(stage.hosts.list().map(({ name }) => name)).toEqual(['web', 'web-2', 'web-3', 'web-4']);
  const copies = await Promise.all(['x', 'y', 'z'].map((name) => agent(name, 'copied')));
  const answers = await Promise.all(copies.map((each) => each.join(token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  const alone = await stage.token({ environment: 'one' });
  const other = await stage.token({ environment: 'one' });
  const rivals = await Promise.all(['r', 's'].map((name) => agent(name)));
  const statuses = await Promise.all(rivals.map((each, nth) => each.join(nth === 0 ? alone : other)));
  expect(statuses.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test('a machine whose joins overtake each other is one host', async () => {
  const one = await agent('one');
  const token = await stage.token({ uses: 1 });
  const answers = await Promise.all(Array.from({ length: 3 }, () => one.join(token)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(stage.hosts.list()).toHaveLength(1);
});

test('a host does not change its environment by joining; a removed machine may join anew as another host', async () => {
  const one = await (await agent('one')).mustJoin(await stage.token());
  const { hostId } = one;
  const elsewhere = await stage.token({ environment: 'one' });
  expect((await one.join(elsewhere)).body.message).toContain('drover host rm one');
  await stage.hosts.remove('one');
  await one.mustJoin(elsewhere);
  expect(one.hostId).not.toBe(hostId);
  expect(stage.hosts.get('one')).toMatchObject({ environment: 'one' });
});

test('names of hosts are made fit and stay apart', async () => {
  for (const hostname of ['web', 'WEB', '...', 'a b'])
    await (await agent(hostname, `${Math.random()}`)).mustJoin(await stage.token());
  expect(stage.hosts.list().map(({ name }) => name)).toEqual(['a-b', 'host', 'web', 'web-2']);
  await expect(stage.hosts.rename('web-2', 'web')).rejects.toThrow('renaming web-2: there is another host web');
  expect(await stage.hosts.rename('web-2', 'db')).toMatchObject({ name: 'db' });
});
