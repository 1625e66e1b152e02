import type { ContainerView } from '@drover/contract';
import { expect, test } from 'vitest';
import { currentContainers } from '../src/domain/orchestrator/swarm/current-containers.ts';

const view = (id: string, second: number, more: Partial<ContainerView>): ContainerView => ({
  id,
  name: `shop_web.1.${id}`,
  image: 'web:1',
  imageId: '',
  state: 'running',
  status: '',
  stack: 'shop',
  service: 'web',
  number: 1,
  host: 'n1',
  oneOff: false,
  ports: [],
  createdAt: new Date(second * 1000).toISOString(),
  ...more,
});

const ids = (views: readonly ContainerView[], lost?: string) =>
  currentContainers(views, (host) => host !== lost).map(({ id }) => id);

test('ended tasks that others have replaced are left out, on whichever host they were', () => {
  const views = [
    view('a', 1, { state: 'exited', host: 'n2' }),
    view('b', 2, { state: 'exited' }),
    view('c', 3, {}),
    view('d', 4, { number: 2 }),
  ];
  expect(ids(views)).toEqual(['c', 'd']);
});

test('of a place where nothing runs the newest tells how it ended', () => {
  expect(ids([view('a', 1, { state: 'exited' }), view('b', 2, { state: 'exited' })])).toEqual(['b']);
});

test('a task that runs on every host has a place on each', () => {
  const everywhere = { number: undefined };
  const views = [
    view('a', 1, { ...everywhere, host: 'n1' } as Partial<ContainerView>),
    view('b', 1, { ...everywhere, host: 'n2', state: 'exited' } as Partial<ContainerView>),
  ];
  expect(ids(views)).toEqual(['a', 'b']);
});

test('while both run in an update, both are shown', () => {
  expect(ids([view('a', 1, {}), view('b', 2, {})])).toEqual(['a', 'b']);
});

test('what a lost host last had is left out where another one runs it, and shown where none does', () => {
  const lost = view('a', 1, { host: 'n2' });
  expect(ids([lost, view('b', 2, {})], 'n2')).toEqual(['b']);
  expect(ids([lost], 'n2')).toEqual(['a']);
  expect(ids([lost, view('b', 2, { state: 'exited' })], 'n2')).toEqual(['a']);
});

test('containers of no service are all shown', () => {
  const views = [1, 2].map((second) =>
    view(String(second), second, { stack: undefined, state: 'exited' } as Partial<ContainerView>),
  );
  expect(ids(views)).toEqual(['1', '2']);
});

test('the runs of a job all stay, since each is one', () => {
  const run = { number: undefined, state: 'exited', name: 'shop_web.node.x' } as Partial<ContainerView>;
  expect(ids([view('a', 1, run), view('b', 2, run)])).toEqual(['a', 'b']);
});
