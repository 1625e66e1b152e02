import { expect, test } from 'vitest';
import { applyEvent, emptyProgress } from '../../src/progress/state.ts';
import { at, operation, wholeDeploy } from './events.ts';

test('items follow their operations', () => {
  const progress = emptyProgress();
  const states: string[] = [];
  for (const event of wholeDeploy) {
    applyEvent(progress, event);
    const now = [...progress.items.values()].map(({ name, state }) => `${name} ${state}`).join(', ');
    if (states.at(-1) !== now) states.push(now);
  }
  expect(states).toEqual([
    '',
    'shop_default waiting, db unchanged, web waiting',
    'shop_default active, db unchanged, web waiting',
    'shop_default done, db unchanged, web waiting',
    'shop_default done, db unchanged, web active',
    'shop_default done, db unchanged, web waiting',
    'shop_default done, db unchanged, web active',
    'shop_default done, db unchanged, web waiting',
    'shop_default done, db unchanged, web active',
    'shop_default done, db unchanged, web done',
  ]);
  expect(progress.ended?.state).toBe('succeeded');
});

test('a failure stays visible, and names like __proto__ are names', () => {
  const progress = emptyProgress();
  const step = operation('1', 'container-start', 'x', '__proto__');
  const other = operation('2', 'container-start', 'y', '__proto__');
  applyEvent(progress, {
    type: 'plan',
    at: at(0),
    purpose: 'forward',
    plan: {
      empty: false,
      diagnostics: [],
      services: [{ service: '__proto__', change: 'created', causes: [] }],
      operations: [step, other],
    },
  });
  applyEvent(progress, { type: 'operation', at: at(1), operation: step, status: 'failed', message: 'no' });
  applyEvent(progress, { type: 'operation', at: at(2), operation: other, status: 'done' });
  expect([...progress.items.values()].map(({ name, state, message }) => [name, state, message])).toEqual([
    ['__proto__', 'failed', 'no'],
  ]);
});
