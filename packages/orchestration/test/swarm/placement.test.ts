import { describe, expect, test } from 'vitest';
import { explainPlacement, place } from '../../src/plan/swarm/placement.ts';
import { fulfils } from '../../src/plan/swarm/placement-constraint.ts';
import { type PlacementNeed, placementNeed } from '../../src/plan/swarm/placement-need.ts';
import { makeNode } from './make-node.ts';

const nothing: PlacementNeed = placementNeed({});
const usage = (more: object = {}) => ({
  nanoCpus: 0,
  memoryBytes: 0,
  generic: new Map(),
  ports: [],
  tasks: new Map(),
  ...more,
});

describe('a constraint is read as Swarm reads it', () => {
  const node = makeNode('one', { labels: { 'disk.kind': 'SSD' } });
  test.each([
    ['node.id==id-one', true],
    ['node.hostname == ONE', true],
    ['node.hostname!=one', false],
    ['node.role==worker', true],
    ['node.role==manager', false],
    ['node.labels.disk.kind==ssd', true],
    ['node.labels.none==x', false],
    ['node.labels.none!=x', true],
    ['engine.labels.rack==r1', true],
    ['node.platform.os==linux', true],
    ['node.platform.arch==x86_64', true],
    ['node.ip==10.0.0.5', true],
    ['node.ip==10.0.0.0/24', true],
    ['node.ip==10.0.1.0/24', false],
    ['node.labels.__proto__==x', false],
    ['nonsense', false],
  ])('%s', (constraint, expected) => {
    expect(fulfils(node, constraint)).toBe(expected);
  });
});

describe('hosts that do not fit say why', () => {
  const nodes = [
    makeNode('a', { availability: 'drain' }),
    makeNode('b', { arch: 'aarch64' }),
    makeNode('c', { labels: { zone: 'x' }, memory: 2 ** 30 }),
    makeNode('d', { labels: { zone: 'x' }, ssd: 1 }),
    makeNode('e', { labels: { zone: 'x' }, state: 'down' }),
  ];

  test('each its first reason', () => {
    const need = {
      ...nothing,
      platforms: [{ OS: 'linux', Architecture: 'amd64' }],
      memoryBytes: 2 * 2 ** 30,
      generic: new Map([['ssd', 2]]),
    };
    const answer = place(need, nodes);
    expect(answer.fitting).toEqual([]);
    expect(explainPlacement(answer)).toMatchInlineSnapshot(
      `"no host can run it: 2 are not ready and active (a, e); 1 is not of the platform linux/amd64 (b); 1 is without 2048 MiB of memory that nobody has reserved (c); 1 is without 2 of ssd that nobody has reserved (d)"`,
    );
  });

  test('what others have reserved and which ports they have counts', () => {
    const need = {
      ...nothing,
      nanoCpus: 2e9,
      ports: [{ hostIp: '', port: 80, protocol: 'tcp' }],
      mostPerHost: 1,
      serviceId: 's',
    };
    const taken = new Map([
      ['id-b', usage({ nanoCpus: 3e9 })],
      ['id-c', usage({ ports: [{ hostIp: '', port: 80, protocol: 'tcp' }] })],
      ['id-d', usage({ tasks: new Map([['s', 1]]) })],
    ]);
    expect(explainPlacement(place(need, nodes, taken))).toMatchInlineSnapshot(
      `"no host can run it: 2 are not ready and active (a, e); 1 is without 2 CPUs that nobody has reserved (b); 1 is where the port 80/tcp is taken (c); 1 is with 1 of it already (d)"`,
    );
    expect(place(need, nodes).fitting.map(({ ID }) => ID)).toEqual(['id-b', 'id-c', 'id-d']);
  });

  test('a Swarm without hosts', () => {
    expect(explainPlacement(place(nothing, []))).toBe('no host can run it: the Swarm has none');
  });
});

test('what a service needs is read from its spec', () => {
  expect(
    placementNeed({
      TaskTemplate: {
        Placement: {
          Constraints: ['node.role==worker'],
          MaxReplicas: 2,
          Platforms: [{ OS: 'linux', Architecture: 'amd64' }],
        },
        Resources: {
          Reservations: {
            NanoCPUs: 5e8,
            MemoryBytes: 100,
            GenericResources: [{ DiscreteResourceSpec: { Kind: 'ssd', Value: 2 } }],
          },
        },
      },
      EndpointSpec: {
        Ports: [
          { PublishedPort: 80, PublishMode: 'host' },
          { PublishedPort: 81, PublishMode: 'ingress' },
        ],
      },
    }),
  ).toEqual({
    constraints: ['node.role==worker'],
    platforms: [{ OS: 'linux', Architecture: 'amd64' }],
    nanoCpus: 5e8,
    memoryBytes: 100,
    generic: new Map([['ssd', 2]]),
    ports: [{ hostIp: '', port: 80, protocol: 'tcp' }],
    mostPerHost: 2,
  });
});
