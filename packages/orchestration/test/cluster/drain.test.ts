import { expect, test } from 'vitest';
import type { DrainNode, DrainObserved, DrainService } from '../../src/model/cluster/drain.ts';
import { planDrain } from '../../src/plan/cluster/drain.ts';
import { holds } from '../../src/plan/cluster/fits.ts';

const node = (name: string, more: Partial<DrainNode> = {}): DrainNode => ({
  id: name,
  hostname: name,
  role: 'worker',
  availability: 'active',
  labels: {},
  state: 'ready',
  nanoCpus: 2e9,
  memoryBytes: 1024 ** 3,
  os: 'linux',
  architecture: 'x86_64',
  engineLabels: {},
  ...more,
});

const service = (name: string, more: Partial<DrainService> = {}): DrainService => ({
  id: name,
  name,
  mode: 'replicated',
  replicas: 2,
  hasHealthCheck: false,
  constraints: [],
  mostPerNode: 0,
  nanoCpus: 0,
  memoryBytes: 0,
  hostPorts: [],
  mounts: [],
  ...more,
});

/** One task of each service on each of the named nodes. */
const observed = (
  services: readonly (readonly [DrainService, readonly string[]])[],
  nodes: readonly DrainNode[] = [node('n1'), node('n2'), node('n3')],
  pinned: readonly string[] = [],
): DrainObserved => ({
  nodes,
  pinned,
  services: services.map(([each]) => each),
  tasks: services.flatMap(([each, places]) =>
    places.map((nodeId, index) => ({ id: `${each.id}${index}`, serviceId: each.id, nodeId })),
  ),
});

test('says which tasks move before they stop, which stop first, and why', () => {
  const writes = { type: 'volume' as const, source: 'data', isWritable: true };
  const preview = planDrain(
    'n1',
    observed([
      [service('web', { hasHealthCheck: true }), ['n1', 'n2']],
      [service('bold', { order: 'start-first' }), ['n1']],
      [service('plain'), ['n1', 'n1']],
      [service('careful', { hasHealthCheck: true, order: 'stop-first' }), ['n1']],
      [service('db', { hasHealthCheck: true, mounts: [writes] }), ['n1']],
      [service('agent', { mode: 'global' }), ['n1', 'n2']],
      [service('once', { mode: 'job' }), ['n1']],
      [service('away'), ['n2']],
    ]),
  );
  expect(
    preview.moves.map(({ service: name, tasks, how, why, to }) => `${name} ${tasks} ${how}: ${why} → ${to}`),
  ).toMatchInlineSnapshot(`
    [
      "agent 1 ends: it runs once on each host that takes tasks → ",
      "bold 1 start-first: two of its tasks may stand at once → n2,n3",
      "careful 1 stop-first: its update_config says stop-first → n2,n3",
      "db 1 stop-first: it writes to data → n2,n3",
      "once 1 stop-first: it is a job, which begins anew elsewhere → n2,n3",
      "plain 2 stop-first: it has no health check → n2,n3",
      "web 1 start-first: two of its tasks may stand at once → n2,n3",
    ]
  `);
  expect(preview.stuck).toEqual([]);
});

test('says which tasks no other host can take, and what rules each one out', () => {
  const nodes = [
    node('n1'),
    node('n2', { labels: { disk: 'ssd' } }),
    node('n3', { availability: 'drain' }),
    node('n4', { state: 'down' }),
    node('n5', { availability: 'pause' }),
  ];
  const preview = planDrain(
    'n1',
    observed(
      [
        [service('port', { hostPorts: ['80/tcp'] }), ['n1', 'n2']],
        [service('disk', { constraints: ['node.labels.disk != ssd'] }), ['n1']],
        [service('big', { memoryBytes: 600 * 1024 ** 2 }), ['n1', 'n2']],
        [service('busy', { nanoCpus: 1.5e9 }), ['n1', 'n1']],
        [service('one', { mostPerNode: 1 }), ['n1', 'n2']],
      ],
      nodes,
    ),
  );
  expect(
    preview.stuck.map(({ service: name, tasks, reasons }) => `${name} ${tasks}: ${reasons.join('; ')}`),
  ).toMatchInlineSnapshot(`
    [
      "big 1: n2: without 600 MiB of free memory; n3: drained; n4: away; n5: paused",
      "busy 1: n2: without 1.5 free CPUs; n3: drained; n4: away; n5: paused",
      "disk 1: n2: ruled out by node.labels.disk != ssd; n3: drained; n4: away; n5: paused",
      "one 1: n2: with 1 of its tasks, the most on one host; n3: drained; n4: away; n5: paused",
      "port 1: n2: with port 80/tcp taken; n3: drained; n4: away; n5: paused",
    ]
  `);
  expect(preview.moves.map(({ service: name, tasks, to }) => `${name} ${tasks} → ${to}`)).toEqual(['busy 1 → n2']);
});

test('names data and containers that stay', () => {
  const mounts = [
    { type: 'volume' as const, source: 'data', isWritable: true },
    { type: 'bind' as const, source: '/srv/www', isWritable: true },
    { type: 'bind' as const, source: '/etc/motd', isWritable: false },
  ];
  const preview = planDrain('n1', observed([[service('db', { mounts }), ['n1']]], [node('n1'), node('n2')], ['vpn']));
  expect([...preview.data, ...preview.pinned]).toMatchInlineSnapshot(`
    [
      "/srv/www of this host stays here; tasks of db see the path of the host that they go to",
      "volume data of db stays on this host; elsewhere its tasks begin with one of their own",
      "vpn runs on this host only and stays",
    ]
  `);
});

test.each([
  ['node.role==manager', false],
  ['node.role != manager', true],
  ['node.hostname == N1', true],
  ['node.labels.disk==ssd', true],
  ['node.labels.zone!=a', true],
  ['node.labels.zone==a', false],
  ['engine.labels.gpu==yes', true],
  ['node.platform.os==linux', true],
  ['nonsense', false],
])('the constraint %s holds: %s', (constraint, expected) => {
  expect(holds(constraint, node('n1', { labels: { disk: 'ssd' }, engineLabels: { gpu: 'yes' } }))).toBe(expected);
});
