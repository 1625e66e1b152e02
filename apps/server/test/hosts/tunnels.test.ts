import { X509Certificate } from 'node:crypto';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { paths, tunnelAlpn } from '@drover/tunnel';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Authority } from '../../src/authority/authority.ts';
import { call, closedWith, FakeAgent, until } from './fake-agent.ts';
import { type HostStage, openHostStage } from './host-stage.ts';

// Each makes keys, a store and TLS connections of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let stage: HostStage;
const agents: FakeAgent[] = [];
beforeEach(async () => {
  stage = await openHostStage({ awaitMs: 1500 });
});
afterEach(async () => {
  for (const each of agents.splice(0)) each.stop();
  await stage.stop();
});

async function joined(hostname: string, engineId?: string): Promise<FakeAgent> {
  const agent = await FakeAgent.make(stage.portNumber, hostname, engineId);
  agents.push(agent);
  return await agent.mustJoin(await stage.token());
}

/** Dials in and waits until the server has it. */
async function connected(agent: FakeAgent) {
  const dialled = await agent.connect();
  await until(() => stage.hosts.get(agent.hostId).state === 'ready');
  return dialled;
}

const stateOf = (name: string) => stage.hosts.get(name).state;

test('a host that dials in is ready with its facts, and unreachable once it is gone', async () => {
  const agent = await joined('web');
  expect(stateOf('web')).toBe('connecting');
  const { socket } = await connected(agent);
  await until(() => stage.hosts.get('web').facts !== undefined);
  expect(stage.hosts.get('web')).toMatchObject({
    state: 'ready',
    agentVersion: '1.0.0',
    upgradable: false,
    address: '127.0.0.1',
    facts: { cpus: 2, engine: { version: '28.5.2' }, abilities: { wireguard: true } },
  });
  expect(await stage.hosts.load('web')).toMatchObject({ cpu: 0.5 });
  socket.destroy();
  await until(() => stateOf('web') === 'unreachable');
  expect(stage.hosts.get('web').problem).toBeTypeOf('string');
  await expect(stage.hosts.load('web')).rejects.toThrow('web: its agent cannot be reached');
  expect(stage.events.filter((event) => event.type === 'host').map((event) => event.state)).toEqual(
    expect.arrayContaining(['connecting', 'ready', 'unreachable']),
  );
});

test('an engine that does not answer is the host’s problem; the host stays ready', async () => {
  const agent = await joined('web');
  agent.facts = () => ({ ...FakeAgent.prototype.facts.call(agent), engine: null, engineProblem: 'no such socket' });
  await connected(agent);
  await until(() => stage.hosts.get('web').problem !== undefined);
  expect(stage.hosts.get('web')).toMatchObject({
    state: 'ready',
    problem: 'its engine does not answer: no such socket',
  });
});

test('dialling the engine of an environment says what is wrong until its host is there', async () => {
  const dial = stage.hosts.dialerOf('swarm');
  await expect(dial()).rejects.toThrow('no host has joined the environment swarm yet');
  const agent = await joined('web');
  await expect(dial()).rejects.toThrow('the host web is connecting: its agent has not dialled in yet');
  await until(() => stateOf('web') === 'unreachable');
  await expect(dial()).rejects.toThrow('the host web is unreachable: it joined, and its agent has never connected');
  await connected(agent);
  await expect(dial()).rejects.toThrow('no engine answers on the socket');
});

test('without a certificate there is no tunnel', async () => {
  const agent = await joined('web');
  expect(await agent.refusedBecause({ key: undefined, cert: undefined })).toMatchObject({ reason: 'no-certificate' });
});

test('a certificate of another authority opens nothing', async () => {
  const agent = await joined('web');
  const foreign = await Authority.open({ read: async () => undefined, write: async () => {} });
  const cert = await foreign.signHost(agent.hostKey.csr, agent.hostId);
  expect(await agent.refusedBecause({ cert })).toMatchObject({ reason: 'foreign-certificate' });
  expect(stateOf('web')).toBe('connecting');
});

test('an expired certificate is told what to do, and clocks an hour apart do not matter', async () => {
  stage.clockOffMs = 3_600_000;
  const ahead = await joined('ahead');
  await connected(ahead);
  stage.clockOffMs = -3_600_000;
  const behind = await joined('behind');
  await connected(behind);
  stage.clockOffMs = -31 * 24 * 3_600_000;
  const late = await joined('late');
  const refused = await late.refusedBecause();
  expect(refused.reason).toBe('certificate-expired');
  expect(refused.message).toContain('drover host add');
});

test('a removed host loses its tunnel at once, and its certificate opens nothing any more', async () => {
  const agent = await joined('web');
  const { served } = await connected(agent);
  await stage.hosts.remove('web');
  await served.closed;
  expect(await agent.refusedBecause()).toMatchObject({ reason: 'removed' });
  expect(stage.hosts.list()).toEqual([]);
  await stage.restart();
  expect(await agent.refusedBecause()).toMatchObject({ reason: 'removed' });
});

test('a machine whose place was taken loses its tunnel, and its key opens nothing any more', async () => {
  const old = await joined('web');
  const { served } = await old.connect();
  const next = await FakeAgent.make(stage.portNumber, 'web');
  agents.push(next);
  await next.mustJoin(await stage.token({ replaces: 'web' }));
  await served.closed;
  expect(await old.refusedBecause()).toMatchObject({ reason: 'other-key' });
  expect(next.hostId).toBe(old.hostId);
  await connected(next);
  expect(stateOf('web')).toBe('ready');
});

test('a second machine with the same identity is refused while the first answers, and the host says so', async () => {
  const agent = await joined('web');
  await connected(agent);
  const clone = agent.clone();
  agents.push(clone);
  expect(await clone.refusedBecause()).toMatchObject({ reason: 'cloned-identity' });
  expect(stage.hosts.get('web')).toMatchObject({
    state: 'ready',
    problem: expect.stringContaining("another machine uses this host's identity"),
  });
});

test('a host that dials in anew takes over from its own connection that does not answer any more', async () => {
  const agent = await joined('web');
  const { served } = await connected(agent);
  agent.isStopped = true;
  const restarted = agent.clone();
  agents.push(restarted);
  await restarted.connect();
  await served.closed;
  await until(() => stateOf('web') === 'ready');
});

test('what an agent says of another host’s engine changes nothing but its own problem', async () => {
  const honest = await joined('honest', 'engine-a');
  await connected(honest);
  await until(() => stage.hosts.get('honest').facts !== undefined);
  const liar = await joined('liar', 'engine-b');
  liar.engineId = 'engine-a';
  await connected(liar);
  await until(() => stage.hosts.get('liar').problem !== undefined);
  expect(stage.hosts.get('liar').problem).toBe(
    'it says that its engine is that of the host honest: one of both is a copy',
  );
  expect(stage.hosts.get('honest').problem).toBeUndefined();
  expect(stage.hosts.hostsOf('swarm').find(({ name }) => name === 'liar')?.engineId).toBe('engine-b');
});

test.each([
  ['newer', [2, 3]],
  ['newer', [99, 99]],
] as const)(
  'an agent that is %s than this server can talk to is told so, and the host shows it',
  async (word, protocols) => {
    const agent = await joined('web');
    agent.hello = { protocols };
    expect((await agent.refusedBecause()).message).toContain(`is ${word} than this server can talk to`);
    await until(() => stateOf('web') === 'unreachable');
    expect(stage.hosts.get('web').problem).toContain(`${protocols[0]} to ${protocols[1]} of the protocol`);
    agent.hello = {};
    await connected(agent);
    expect(stage.hosts.get('web')).toMatchObject({ state: 'ready' });
    expect(stage.hosts.get('web').problem).toBeUndefined();
  },
);

test('another agent of a version that is understood works, and counts as upgradable', async () => {
  const agent = await joined('web');
  agent.hello = { software: '0.9.0', protocols: [1, 7] };
  await connected(agent);
  expect(stage.hosts.get('web')).toMatchObject({ state: 'ready', agentVersion: '0.9.0', upgradable: true });
});

test('tunnels come back after a restart of the server, and until then hosts are awaited', async () => {
  const agent = await joined('web');
  const { served } = await connected(agent);
  await stage.restart();
  await served.closed;
  expect(stateOf('web')).toBe('connecting');
  await connected(agent);
  expect(stateOf('web')).toBe('ready');
  await stage.restart();
  await until(() => stateOf('web') === 'unreachable');
  expect(stage.hosts.get('web').problem).toBe('its agent has not connected since the server started');
});

test('a certificate is renewed over the tunnel once less than ten days are left', async () => {
  stage.clockOffMs = -21 * 24 * 3_600_000;
  const agent = await joined('web');
  stage.clockOffMs = 0;
  const first = agent.answer?.certificate;
  await connected(agent);
  await until(() => agent.answer?.certificate !== first);
  const renewed = new X509Certificate(agent.answer?.certificate ?? '');
  expect(renewed.validToDate.getTime()).toBeGreaterThan(Date.now() + 29 * 24 * 3_600_000);
  await until(() => stage.hosts.get('web').certificateExpiresAt === renewed.validToDate.toISOString());
  agent.stop();
  await until(() => stateOf('web') === 'unreachable');
  await connected(agent);
});

test('a renewal for another key than the host’s is not signed', async () => {
  stage.clockOffMs = -21 * 24 * 3_600_000;
  const agent = await joined('web');
  const { certificateExpiresAt } = stage.hosts.get('web');
  stage.clockOffMs = 0;
  const other = await FakeAgent.make(stage.portNumber, 'other');
  Object.assign(agent.hostKey, { csr: other.hostKey.csr });
  await connected(agent);
  await until(() => agent.asked.some(({ path }) => path === paths.renew));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(agent.asked.some(({ path }) => path === paths.certificate)).toBe(false);
  expect(stage.hosts.get('web').certificateExpiresAt).toBe(certificateExpiresAt);
});

test('garbage, a slow handshake, another ALPN and an old TLS are cut off and harm nobody', async () => {
  await stage.stop();
  stage = await openHostStage({ port: { handshakeMs: 1000 } });
  const agent = await joined('web');
  await connected(agent);
  const port = stage.portNumber;
  const garbage = connectPlain({ port, host: '127.0.0.1' }, () => garbage.write('GET / HTTP/1.1\r\n\r\n'));
  const slow = connectPlain({ port, host: '127.0.0.1' });
  const began = Date.now();
  await Promise.all([closedWith(garbage), closedWith(slow)]);
  expect(Date.now() - began).toBeLessThan(8000);
  const tls = (options: object) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    return new Promise<string>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on('secureConnect', () => resolve('connected'));
    });
  };
  expect(await tls({ ALPNProtocols: ['h2'] })).toContain('NO_APPLICATION_PROTOCOL');
  expect(await tls({ maxVersion: 'TLSv1.2' })).toContain('PROTOCOL_VERSION');
  expect(stateOf('web')).toBe('ready');
});

test('bytes that are no HTTP/2 behind a good certificate end that connection alone', async () => {
  const agent = await joined('web');
  const socket = connectTls({
    port: stage.portNumber,
    host: '127.0.0.1',
    key: agent.hostKey.key,
    cert: agent.answer?.certificate,
    ca: agent.answer?.authority,
    servername: 'drover-server',
    ALPNProtocols: [tunnelAlpn],
  });
  socket.on('secureConnect', () => socket.write('x'.repeat(4096)));
  await closedWith(socket);
  await connected(agent);
  expect(stateOf('web')).toBe('ready');
});

test('connections that are no tunnel are bounded for each address; tunnels do not count', async () => {
  await stage.stop();
  stage = await openHostStage({ port: { limits: { each: 3, all: 10 }, handshakeMs: 5000 } });
  for (const name of ['a', 'b', 'c', 'd', 'e']) await connected(await joined(name));
  const idle = [1, 2, 3].map(() => connectPlain({ port: stage.portNumber, host: '127.0.0.1' }));
  await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  const tooMany = connectPlain({ port: stage.portNumber, host: '127.0.0.1' });
  expect(await closedWith(tooMany)).toBe('');
  for (const socket of idle) socket.destroy();
  await until(async () => (await call(stage.portNumber, 'GET', '/install').catch(() => undefined))?.status === 200);
});

test('the port answers what it has, says no to the rest and reads no large bodies', async () => {
  const port = stage.portNumber;
  expect(await call(port, 'GET', '/agent/agent.mjs')).toMatchObject({ status: 200, text: 'hello' });
  expect((await call(port, 'GET', '/agent/../../etc/passwd')).status).toBe(404);
  expect((await call(port, 'GET', '/api/hosts')).status).toBe(404);
  expect((await call(port, 'DELETE', '/install')).status).toBe(400);
  expect((await call(port, 'POST', paths.join, 'no JSON')).status).toBe(400);
  expect(JSON.parse((await call(port, 'POST', paths.join, '{"token":5}')).text)).toMatchObject({ reason: 'invalid' });
  const large = await call(port, 'POST', paths.join, `"${'x'.repeat(300_000)}"`).catch(() => ({ status: 413 }));
  expect(large.status).toBe(413);
});
