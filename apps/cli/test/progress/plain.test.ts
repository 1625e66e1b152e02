import type { PlanView } from '@drover/contract';
import { expect, test } from 'vitest';
import { plainLines } from '../../src/progress/plain.ts';
import { at, operation, wholeDeploy } from './events.ts';

test('a deploy as plain lines', () => {
  expect(wholeDeploy.flatMap(plainLines)).toEqual([
    'image nginx:1.27 is there',
    'plan: web recreated: image changed: nginx:1.25 → nginx:1.27; environment LOG_LEVEL added',
    'created network shop_default',
    'web: created shop-web-1',
    'web: started shop-web-1 (0.2s)',
    'web: waiting until ready',
    'web: ready (2.0s)',
    'warning: web: the host is short of memory',
    'checking that it stands…',
  ]);
});

test('what a plan wants known is said before anything is done, and once', () => {
  const diagnostics = [
    { severity: 'warning', code: 'notice', message: 'web: its name leads to the tasks in turn' },
    {
      severity: 'warning',
      code: 'notice',
      message: 'db: ignored',
      origin: { file: 'compose.yaml', line: 4, column: 5 },
    },
  ] as const;
  const services = [{ service: 'web', change: 'created', causes: ['service is missing'] }] as const;
  const plan = {
    empty: false,
    services: [...services],
    operations: [],
    diagnostics: [...diagnostics],
  } as unknown as PlanView;
  expect(plainLines({ type: 'plan', at: at(0), purpose: 'forward', plan })).toEqual([
    'warning: web: its name leads to the tasks in turn',
    'warning: compose.yaml:4: db: ignored',
    'plan: web created: service is missing',
  ]);
  expect(plainLines({ type: 'plan', at: at(0), purpose: 'rollback', plan })).toEqual([
    'plan: web created: service is missing',
  ]);
});

test('failures say what and why, and no line can move the cursor', () => {
  expect(
    plainLines({
      type: 'operation',
      at: at(0),
      operation: operation('1', 'container-start', 'shop-web-1', 'web'),
      status: 'failed',
      message: 'port 80 is taken\u001b[2J\nby nginx',
    }),
  ).toEqual(['web: starting shop-web-1 failed: port 80 is taken by nginx']);
});

test('a kind of operation that this version does not know is shown as it is spelled', () => {
  expect(
    plainLines({ type: 'operation', at: at(0), operation: operation('1', 'moon-landing', 'x'), status: 'done' }),
  ).toEqual(['moon landing done: x']);
});

test('what orders a plan and what was not done need no lines; a name in the making is shown as the last one', () => {
  const event = (kind: string, target: string, status: 'done' | 'skipped') =>
    plainLines({ type: 'operation', at: at(0), operation: operation('1', kind, target, 'db'), status });
  expect(event('gate', 'shop', 'done')).toEqual([]);
  expect(event('container-start', 'shop-db-1', 'skipped')).toEqual([]);
  expect(event('container-create', '9b932ff40446_shop-db-1', 'done')).toEqual(['db: created shop-db-1']);
});
