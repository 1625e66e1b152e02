import type { DeploymentEvent, OperationView } from '@drover/contract';
import { expect, test } from 'vitest';
import { niceTicks } from '../src/pages/deployment/nice-ticks.ts';
import { doneCount, noProgress, withEvents } from '../src/pages/deployment/progress.ts';
import { operationWords, planSentence } from '../src/plan/plan-words.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const operation = (id: string, facts: Partial<OperationView> = {}): OperationView => ({
  id,
  kind: 'container-create',
  target: 'shop-web-1',
  causes: [],
  impact: 'created',
  dependsOn: [],
  ...facts,
});
const plan = { empty: false, services: [], operations: [operation('a'), operation('b')], diagnostics: [] };
const events: readonly DeploymentEvent[] = [
  { type: 'state', at: at(0), state: 'running' },
  { type: 'phase', at: at(0), phase: 'images' },
  { type: 'image', at: at(1), ref: 'nginx:1', service: 'web', status: 'pulling', current: 1, total: 2 },
  { type: 'image', at: at(2), ref: 'nginx:1', status: 'done' },
  { type: 'image', at: at(2), ref: 'nginx:1', service: 'web', status: 'pulling', current: 2, total: 2 },
  { type: 'plan', at: at(3), plan, purpose: 'forward' },
  { type: 'operation', at: at(4), operation: operation('a'), status: 'started' },
  { type: 'operation', at: at(6), operation: operation('a'), status: 'done', ms: 2000 },
  { type: 'operation', at: at(6), operation: operation('b'), status: 'started' },
  { type: 'operation', at: at(7), operation: operation('b'), status: 'failed', message: 'no space left' },
  { type: 'plan', at: at(8), plan, purpose: 'rollback' },
];

test('events add up to where a deployment stands, however they are cut into batches', () => {
  const whole = withEvents(noProgress, events);
  const pieces = events.reduce((progress, event) => withEvents(progress, [event]), noProgress);
  expect(pieces).toEqual(whole);
  const [forward, back] = whole.rounds;
  expect([...forward!.operations.values()]).toMatchObject([
    { status: 'done', from: 4000, to: 6000 },
    { status: 'failed', from: 6000, to: 7000, message: 'no space left' },
  ]);
  expect([...back!.operations.values()].map(({ status }) => status)).toEqual(['waiting', 'waiting']);
  expect([doneCount(forward!), doneCount(back!)]).toEqual([2, 0]);
  expect([...whole.images.values()]).toEqual([{ ref: 'nginx:1', status: 'done' }]);
});

test('what came before is left as it was', () => {
  const before = withEvents(noProgress, events.slice(0, 6));
  withEvents(before, events.slice(6));
  expect([...before.rounds[0]!.operations.values()].map(({ status }) => status)).toEqual(['waiting', 'waiting']);
});

test.each([
  [[], 'Nothing to do: what runs is what the files say.'],
  [[['web', 'created']], 'Creates web.'],
  [
    [
      ['a', 'created'],
      ['b', 'created'],
      ['c', 'created'],
      ['web', 'recreated'],
      ['db', 'unchanged'],
    ],
    'Creates 3 services, replaces web and leaves db as it is.',
  ],
] as const)('a plan %j in a sentence', (services, sentence) => {
  const changes = services.map(([service, change]) => ({ service, change, causes: [] }));
  expect(planSentence({ ...plan, empty: services.length === 0, services: changes })).toBe(sentence);
});

test('operations read as orders, unknown kinds too', () => {
  expect(operationWords({ kind: 'container-start', target: 'shop-web-1' })).toBe('Start shop-web-1');
  expect(operationWords({ kind: 'moon-landing', target: 'x' })).toBe('moon landing x');
});

test.each([
  [1000, [0, 200, 400, 600, 800]],
  [22_000, [0, 5000, 10_000, 15_000, 20_000]],
])('an axis of %d ms has round moments', (length, ticks) => expect(niceTicks(length)).toEqual(ticks));
