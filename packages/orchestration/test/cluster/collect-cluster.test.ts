import { createFakeSwarm, type FakeSwarm } from '@drover/engine/fake';
import { expect, test } from 'vitest';
import { type ClusterMemory, collectCluster } from '../../src/observe/cluster.ts';
import type { ClusterHost } from '../../src/observe/cluster-host.ts';
import { planCluster } from '../../src/plan/cluster/plan.ts';

function hostsOf(swarm: FakeSwarm): ClusterHost[] {
  return swarm.engines.map((engine, index) => {
    const name = `n${index + 1}`;
    return {
      id: name,
      name,
      engine,
      address: swarm.addressOf(name),
      reachable: true,
      labels: {},
      availability: 'active',
    };
  });
}

test('tells who is who, also of a host that cannot be asked any more, and how long it has been down', async () => {
  const swarm = createFakeSwarm({ nodes: 3, managers: 1 });
  const hosts = hostsOf(swarm);
  const first = await collectCluster({ hosts, now: 1_000 });
  expect(first.observed.swarm?.nodes.map(({ hostname, role, manager }) => [hostname, role, manager?.leader])).toEqual([
    ['n1', 'manager', true],
    ['n2', 'worker', undefined],
    ['n3', 'worker', undefined],
  ]);
  const nodeId = first.observed.hosts[2]?.lastNodeId;
  expect(nodeId).toBe(first.observed.swarm?.nodes[2]?.id);
  swarm.kill('n3');
  const away = hosts.map((host) => (host.id === 'n3' ? { ...host, reachable: false } : host));
  const look = (now: number, memory: ClusterMemory) => collectCluster({ hosts: away, now, memory });
  let { observed, memory } = first;
  await expect
    .poll(async () => {
      ({ observed, memory } = await look(2_000, memory));
      return observed.swarm?.nodes[2]?.state;
    })
    .toBe('down');
  expect(observed.hosts[2]).toMatchObject({ reachable: false, lastNodeId: nodeId });
  expect(observed.swarm?.nodes[2]?.downForMs).toBe(0);
  ({ observed } = await look(9_000, memory));
  expect(observed.swarm?.nodes[2]?.downForMs).toBe(7_000);
});

test('a manager that gives a sign of life and does not tell of the Swarm has no leader', async () => {
  const swarm = createFakeSwarm({ nodes: 3, managers: 3 });
  const hosts = hostsOf(swarm);
  const { memory } = await collectCluster({ hosts, now: 0 });
  for (const name of ['n2', 'n3']) swarm.kill(name);
  swarm.engine('n1').control.setLatency({ 'system.info': 60_000, 'nodes.list': 60_000 });
  const { observed } = await collectCluster({ hosts, now: 0, memory, answerMs: 30, signOfLifeMs: 200 });
  expect(observed).toMatchObject({ leaderless: ['n1'] });
  expect(observed.swarm).toBeUndefined();
  expect(planCluster(observed, { managers: { mode: 'automatic' } }).problem?.message).toContain(
    '1 of 3 managers can be reached, 2 are needed',
  );
});

test('ends when the signal fires', async () => {
  const hosts = hostsOf(createFakeSwarm({ nodes: 1 }));
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(collectCluster({ hosts, now: 0, signal })).rejects.toThrow('enough');
});
