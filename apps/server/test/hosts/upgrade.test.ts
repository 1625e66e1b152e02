import type { UpgradeEvent } from '@drover/contract';
import { paths } from '@drover/tunnel';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HostUpgrades } from '../../src/domain/host/host-upgrades.ts';
import { createLog } from '../../src/log.ts';
import { FakeAgent, until } from './fake-agent.ts';
import { type HostStage, openHostStage } from './host-stage.ts';

// Each makes keys, a store and TLS connections of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let stage: HostStage;
let upgrades: HostUpgrades;
const agents: FakeAgent[] = [];
beforeEach(async () => {
  stage = await openHostStage();
  const source = { software: '1.0.0', build: async () => ({ software: '1.0.0', bytes: Buffer.from('the new agent') }) };
  upgrades = new HostUpgrades(stage.hosts, source, createLog('silent'));
});
afterEach(async () => {
  for (const each of agents.splice(0)) each.stop();
  await stage.stop();
});

/** A host whose agent becomes `next` when it is sent a build. */
async function oldHost(hostname: string, next: string): Promise<FakeAgent> {
  const agent = await FakeAgent.make(stage.portNumber, hostname);
  agents.push(agent);
  await agent.mustJoin(await stage.token());
  agent.hello = { software: '0.9.0' };
  agent.onUpgrade = async () => {
    agent.stop();
    agent.hello = { software: next };
    await agent.connect();
  };
  await agent.connect();
  await until(() => stage.hosts.get(hostname).state === 'ready');
  return agent;
}

async function run(names?: readonly string[]): Promise<UpgradeEvent[]> {
  const events: UpgradeEvent[] = [];
  for await (const event of upgrades.run(names, new AbortController().signal)) events.push(event);
  return events;
}

const steps = (events: readonly UpgradeEvent[]) => events.map(({ host, step }) => `${host} ${step}`);

test('hosts are upgraded one after the other, each once its new agent has dialled in', async () => {
  const a = await oldHost('a', '1.0.0');
  await oldHost('b', '1.0.0');
  expect(stage.hosts.list().map(({ upgradable }) => upgradable)).toEqual([true, true]);
  expect(steps(await run())).toEqual([
    'a waiting',
    'b waiting',
    'a sending',
    'a restarting',
    'a done',
    'b sending',
    'b restarting',
    'b done',
  ]);
  expect(a.asked.find(({ path }) => path === paths.upgrade)?.headers['drover-software']).toBe('1.0.0');
  expect(stage.hosts.list().map(({ upgradable }) => upgradable)).toEqual([false, false]);
  expect(await run()).toEqual([]);
  expect(steps(await run(['a']))).toEqual(['a waiting', 'a current']);
});

test('a build that does not work reaches one host only, whose old agent is back', async () => {
  await oldHost('a', '0.9.0');
  await oldHost('b', '1.0.0');
  const events = await run(['a', 'b']);
  expect(steps(events)).toEqual(['a waiting', 'b waiting', 'a sending', 'a restarting', 'a failed']);
  expect(events.at(-1)?.message).toBe('upgrading a: the new agent did not work there; 0.9.0 is back');
  expect(stage.hosts.get('b')).toMatchObject({ agentVersion: '0.9.0', state: 'ready' });
});

test('an agent that says no is told of, a host that is away is refused, and only one upgrade runs', async () => {
  const a = await oldHost('a', '1.0.0');
  a.onUpgrade = undefined;
  expect((await run(['a'])).at(-1)).toMatchObject({ step: 'failed', message: expect.stringContaining('no such path') });
  const first = upgrades.run(['a'], new AbortController().signal);
  await first.next();
  await expect(run(['a'])).rejects.toThrow('an upgrade runs already');
  await first.return(undefined);
  a.stop();
  await until(() => stage.hosts.get('a').state === 'unreachable');
  await expect(run(['a'])).rejects.toThrow('upgrading hosts: a: its agent cannot be reached');
  await expect(run(['nobody'])).rejects.toThrow('there is no host "nobody"');
});
