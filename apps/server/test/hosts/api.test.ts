import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { agentUrl } from '../../src/agents/agent-address.ts';
import { readSettings } from '../../src/settings.ts';
import { collectEvents } from '../stage/collect-events.ts';
import { openStage, type Stage, type StageOptions } from '../stage/stage.ts';
import { FakeAgent, until } from './fake-agent.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let stage: Stage;
let opened: Stage | undefined;
let agent: FakeAgent | undefined;
afterEach(async () => {
  agent?.stop();
  agent = undefined;
  await opened?.stop();
  opened = undefined;
});

const open = async (settings: NonNullable<StageOptions['settings']> = {}) => {
  stage = await openStage({ settings: { agentListen: { host: '127.0.0.1', port: 0 }, ...settings } });
  opened = stage;
};

async function addHost(hostname: string): Promise<FakeAgent> {
  const { token, command } = await stage.client.hosts.createToken({ environment: 'prod' });
  const port = Number(/:(\d+)\/install/.exec(command)?.[1]);
  agent = await FakeAgent.make(port, hostname);
  return await agent.mustJoin(token);
}

test('a host from the token to its removal, through the API', async () => {
  await open();
  await stage.client.environments.create({ name: 'prod', kind: 'engine' });
  const watched = await collectEvents(stage.client);
  const { events } = watched;
  const joined = await addHost('web');
  await joined.connect();
  await until(async () => (await stage.client.hosts.get({ host: 'web' })).state === 'ready');
  expect(await stage.client.hosts.list({ environment: 'prod' })).toMatchObject([{ name: 'web', id: joined.hostId }]);
  expect(await stage.client.hosts.list({ environment: 'local' })).toEqual([]);
  expect(await stage.client.hosts.load({ host: 'web' })).toMatchObject({ cpu: 0.5 });
  expect(await stage.client.hosts.label({ host: 'web', set: { zone: 'a', disk: 'ssd' }, unset: [] })).toMatchObject({
    labels: { disk: 'ssd', zone: 'a' },
  });
  expect((await stage.client.hosts.label({ host: 'web', set: {}, unset: ['zone'] })).labels).toEqual({ disk: 'ssd' });
  await stage.client.hosts.rename({ host: 'web', name: 'db' });
  await expect(stage.client.hosts.get({ host: 'web' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(stage.client.environments.remove({ name: 'prod' })).rejects.toThrow('the host db is in it');
  await stage.client.hosts.remove({ host: 'db' });
  expect(await stage.client.hosts.list({})).toEqual([]);
  await stage.client.environments.remove({ name: 'prod' });
  await until(() => events.some((event) => event.type === 'host' && event.state === 'removed'));
  expect(events.filter((event) => event.type === 'host').map(({ name, state }) => `${name} ${state}`)).toEqual(
    expect.arrayContaining(['web connecting', 'web ready', 'db ready', 'db removed']),
  );
  await watched.stop();
});

test('hosts are known again after a restart and come back on the same port', async () => {
  await open();
  await stage.client.environments.create({ name: 'prod', kind: 'engine' });
  const joined = await addHost('web');
  expect(await stage.client.hosts.get({ host: 'web' })).toMatchObject({ state: 'connecting', id: joined.hostId });
  await stage.restart();
  expect(await stage.client.hosts.get({ host: 'web' })).toMatchObject({ state: 'connecting', id: joined.hostId });
});

test('what cannot be added is refused with what to do', async () => {
  await open();
  const add = (input: object = {}) => stage.client.hosts.createToken({ environment: 'prod', ...input });
  await expect(add()).rejects.toThrow('drover environment create prod makes it');
  await expect(add({ environment: 'local' })).rejects.toThrow("the environment local is this server's own engine");
  await stage.client.environments.create({ name: 'prod', kind: 'engine' });
  await expect(add({ uses: 5 })).rejects.toThrow('one machine only can join here, not 5');
  await expect(add({ replaces: 'nobody' })).rejects.toThrow('there is no host "nobody"');
  await expect(add({ expiresSeconds: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  const made = await add();
  expect(made).toMatchObject({ environment: 'prod', uses: 1, used: 0, state: 'open' });
  expect(made.warning).toContain('DROVER_AGENT_LISTEN=0.0.0.0:8421');
  expect(made.containerCommand).toContain('DROVER_AGENT=container DROVER_JOIN=');
  await stage.client.hosts.revokeToken({ id: made.id });
  expect(await stage.client.hosts.listTokens()).toMatchObject([{ id: made.id, state: 'revoked' }]);
  await expect(stage.client.hosts.revokeToken({ id: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('with the port switched off nobody can be added', async () => {
  await open({ agentListen: undefined });
  await stage.client.environments.create({ name: 'prod', kind: 'engine' });
  await expect(stage.client.hosts.createToken({ environment: 'prod' })).rejects.toThrow('DROVER_AGENT_LISTEN=off');
});

test('no key and no token is in the store in clear, and a backup has the authority', async () => {
  await open();
  await stage.client.environments.create({ name: 'prod', kind: 'engine' });
  const { token } = await stage.client.hosts.createToken({ environment: 'prod' });
  const { path } = await stage.client.system.backup();
  const files = [join(stage.dataDir, 'drover.db'), join(stage.dataDir, 'drover.db-wal'), join(path, 'drover.db')];
  const stored = files.map((file) => readFileSync(file).toString('latin1'));
  for (const text of stored) {
    expect(text).not.toContain(token.split('.')[1]);
    expect(text).not.toContain('PRIVATE KEY');
  }
  expect(stored.at(-1)).toContain('secret/authority');
});

test('settings of the port of agents', () => {
  const read = (environment: Record<string, string>) => readSettings({ DROVER_DATA: '/x', ...environment });
  expect(read({}).agentListen).toEqual({ host: '127.0.0.1', port: 8421 });
  expect(read({ DROVER_AGENT_LISTEN: '[::]:9000' }).agentListen).toEqual({ host: '::', port: 9000 });
  expect(read({ DROVER_AGENT_LISTEN: 'off' }).agentListen).toBeUndefined();
  expect(() => read({ DROVER_AGENT_LISTEN: 'here' })).toThrow(
    'reading DROVER_AGENT_LISTEN: "here" is not address:port',
  );
  expect(() => read({ DROVER_AGENT_URL: 'http://a' })).toThrow(
    'reading DROVER_AGENT_URL: "http://a" is not an https address',
  );
  expect(agentUrl({ host: '0.0.0.0', port: 8421 }, undefined, new URL('https://drover.example.com'))).toBe(
    'https://drover.example.com:8421',
  );
  expect(agentUrl({ host: '::1', port: 1 }, undefined, undefined)).toBe('https://[::1]:1');
  expect(agentUrl({ host: '10.0.0.1', port: 1 }, new URL('https://a.example:9/'), undefined)).toBe(
    'https://a.example:9',
  );
});
