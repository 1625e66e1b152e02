import type { ContainerView, ServiceView } from '@drover/contract';
import { expect, test } from 'vitest';
import { imageWords } from '../src/pages/stack/services/image-words.ts';
import { publishedPorts } from '../src/pages/stack/services/published-port.ts';
import { serviceLook, serviceTroubles } from '../src/pages/stack/services/service-look.ts';

const container = (facts: Partial<ContainerView>): ContainerView => ({
  id: 'c1',
  name: 'shop-web-1',
  image: 'nginx',
  imageId: 'sha256:1',
  state: 'running',
  status: 'Up 3 minutes',
  oneOff: false,
  ports: [],
  createdAt: '2026-01-01T00:00:00Z',
  ...facts,
});
const service = (facts: Partial<ServiceView>): ServiceView => ({
  name: 'web',
  wanted: 1,
  running: 1,
  healthy: 0,
  hasHealthCheck: false,
  completed: false,
  ports: [],
  dependsOn: [],
  containers: [container({})],
  ...facts,
});

test.each([
  [{}, 'running', 'good', 'Running'],
  [{ hasHealthCheck: true, healthy: 1 }, 'running', 'good', 'Healthy'],
  [{ hasHealthCheck: true }, 'deploying', 'progress', 'Starting'],
  [{ wanted: 3, running: 2 }, 'degraded', 'warn', '2 of 3 running'],
  [{ running: 0, containers: [] }, 'degraded', 'bad', 'Not running'],
  [{ running: 0, containers: [] }, 'stopped', 'idle', 'Stopped'],
  [{ running: 0, completed: true }, 'running', 'good', 'Completed'],
  [{ hasHealthCheck: true, containers: [container({ health: 'unhealthy' })] }, 'degraded', 'bad', 'Unhealthy'],
  [{ running: 0, containers: [container({ state: 'restarting' })] }, 'degraded', 'bad', 'Keeps restarting'],
] as const)('a service %j of a stack that is %s looks %s: %s', (facts, stackState, tone, word) => {
  expect(serviceLook(service(facts as Partial<ServiceView>), stackState)).toMatchObject({ tone, word });
});

test('what is wrong is said in words', () => {
  const troubled = service({
    containers: [
      container({ state: 'exited', exitCode: 137 }),
      container({ state: 'exited', exitCode: 3 }),
      container({ state: 'exited', exitCode: 0 }),
      container({ state: 'restarting', status: 'Restarting (127) 2 seconds ago' }),
      container({ health: 'unhealthy' }),
    ],
  });
  expect(serviceTroubles(troubled).map(({ words }) => words)).toEqual([
    'exited with code 137 (it was killed: out of memory, or it did not stop in time)',
    'exited with code 3',
    'keeps restarting; it exited with code 127 (its command was not found)',
    'fails its health check',
  ]);
});

test('published ports are shown once and lead somewhere', () => {
  expect(
    publishedPorts(
      ['0.0.0.0:8080->80/tcp', '[::]:8080->80/tcp', '127.0.0.1:5432->5432/tcp', '0.0.0.0:53->53/udp'],
      'box',
    ),
  ).toEqual([
    { words: '53/udp', inside: '53/udp' },
    { words: '127.0.0.1:5432', inside: '5432/tcp', href: 'http://127.0.0.1:5432' },
    { words: '8080', inside: '80/tcp', href: 'http://box:8080' },
  ]);
  expect(publishedPorts(['80/tcp'], 'box')).toEqual([]);
});

test('ports of a machine whose name is not known lead somewhere only with an address of their own', () => {
  const ports = publishedPorts(
    ['0.0.0.0:8080->80/tcp', '127.0.0.1:5432->5432/tcp', '10.0.0.5:9000->9000/tcp'],
    undefined,
  );
  expect(ports.map(({ words, href }) => [words, href])).toEqual([
    ['10.0.0.5:9000', 'http://10.0.0.5:9000'],
    ['127.0.0.1:5432', undefined],
    ['8080', undefined],
  ]);
});

test.each([
  ['nginx:1.27', 'nginx', '1.27'],
  ['docker.io/library/redis:7.4', 'redis', '7.4'],
  ['registry.example:5000/team/app', 'registry.example:5000/team/app', ''],
  [`ghcr.io/a/b:v1@sha256:${'a'.repeat(64)}`, 'ghcr.io/a/b', 'v1'],
  [`sha256:${'b'.repeat(64)}`, 'bbbbbbbbbbbb', ''],
])('image %s', (image, name, tag) => {
  expect(imageWords(image)).toEqual({ name, tag });
});
