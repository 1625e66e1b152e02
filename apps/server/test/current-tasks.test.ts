import type { ContainerView } from '@drover/contract';
import { expect, test } from 'vitest';
import { currentTasks } from '../src/domain/orchestrator/swarm/current-tasks.ts';

let second = 0;
const task = (name: string, state: ContainerView['state'], host: string, number?: number): ContainerView => ({
  id: name,
  name,
  image: 'busybox',
  imageId: '',
  state,
  status: '',
  stack: 'app',
  service: name.split('.')[0]!.replace('app_', ''),
  ...(number === undefined ? {} : { number }),
  host,
  oneOff: false,
  ports: [],
  createdAt: new Date(second++ * 1000).toISOString(),
});
const current = (...views: ContainerView[]) => currentTasks(views, (host) => host === 'lost').map(({ name }) => name);

test('a task that another has taken the place of is left out', () => {
  const views = [
    task('app_web.1.a', 'exited', 'n1', 1),
    task('app_web.1.b', 'exited', 'n1', 1),
    task('app_web.1.c', 'running', 'n2', 1),
    task('app_web.2.d', 'exited', 'n1', 2),
  ];
  expect(current(...views)).toEqual(['app_web.1.c', 'app_web.2.d']);
  expect(current(...views.slice(0, 2))).toEqual(['app_web.1.b']);
});

test('both tasks stay while they run side by side', () => {
  const views = [task('app_web.1.a', 'running', 'n1', 1), task('app_web.1.b', 'running', 'n2', 1)];
  expect(current(...views)).toEqual(['app_web.1.a', 'app_web.1.b']);
});

test('what a lost host was last seen to run stays until another host runs it', () => {
  const lost = task('app_web.1.a', 'running', 'lost', 1);
  expect(current(lost)).toEqual(['app_web.1.a']);
  expect(current(lost, task('app_web.1.b', 'running', 'n2', 1))).toEqual(['app_web.1.b']);
});

test('every run of a job stays, and containers that are no tasks', () => {
  const views = [
    task('app_job.node1.a', 'exited', 'n1'),
    task('app_job.node1.b', 'exited', 'n1'),
    { ...task('app-db-1', 'exited', 'n1', 1), service: 'db' },
    { ...task('app-db-2', 'exited', 'n1', 1), service: 'db' },
  ];
  expect(current(...views)).toHaveLength(4);
});

test('a task of a service on every host is left out once another runs there', () => {
  const views = [task('app_all.node1.a', 'exited', 'n1'), task('app_all.node1.b', 'running', 'n1')];
  expect(current(...views)).toEqual(['app_all.node1.b']);
});
