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

const ids = (views: readonly ContainerView[]) => currentContainers(views).map(({ id }) => id);

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

test('while both run in an update, both are shown; containers that are no tasks always are', () => {
  const views = [
    view('a', 1, {}),
    view('b', 2, {}),
    view('p', 1, { name: 'shop-web-1', state: 'exited' }),
    view('q', 2, { name: 'shop-web-1', state: 'running' }),
  ];
  expect(ids(views)).toEqual(['a', 'b', 'p', 'q']);
});
