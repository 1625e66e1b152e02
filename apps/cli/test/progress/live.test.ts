import type { DeploymentEvent } from '@drover/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LiveOptions, renderLive } from '../../src/progress/live.ts';
import { applyEvent, emptyProgress } from '../../src/progress/state.ts';
import { settledLines, successSentence } from '../../src/progress/summary.ts';
import { colorPaint, plainPaint } from '../../src/terminal/style.ts';
import { chooseSymbols } from '../../src/terminal/symbols.ts';
import { textWidth } from '../../src/terminal/width.ts';
import { at, deployment, operation, start, wholeDeploy } from './events.ts';

const options: LiveOptions = {
  paint: plainPaint,
  symbols: chooseSymbols({ LANG: 'C.UTF-8' }),
  columns: 100,
  height: 20,
  frame: 0,
  now: start,
};

function progressAfter(events: readonly DeploymentEvent[]) {
  const progress = emptyProgress();
  for (const event of events) applyEvent(progress, event);
  return progress;
}

test('while images are pulled', () => {
  expect(renderLive(deployment(), progressAfter(wholeDeploy.slice(0, 4)), { ...options, now: start + 800 })).toEqual([
    'deploying shop (revision 7)  getting images  0.8s',
    ' ⠋ nginx:1.27  pulling ━━━━━━━───────────── 20 MB of 60 MB  0.8s',
  ]);
});

test('while containers are started', () => {
  expect(
    renderLive(deployment(), progressAfter(wholeDeploy.slice(0, 13)), {
      ...options,
      now: start + 1200,
      footer: 'Cancelling…',
    }),
  ).toEqual([
    'deploying shop (revision 7)  working  1.2s',
    ' ✔ shop_default  done',
    ' ⠋ web           starting shop-web-1  0.1s  image changed: nginx:1.25 → nginx:1.27; environment LOG…',
    'Cancelling…',
  ]);
});

test('what stays when it has ended', () => {
  const progress = progressAfter(wholeDeploy);
  expect(settledLines(progress, { ...options, columns: 120, now: progress.lastAt })).toEqual([
    ' ✔ shop_default  done',
    ' ✔ web           recreated  2.3s  image changed: nginx:1.25 → nginx:1.27; environment LOG_LEVEL added',
  ]);
  expect(successSentence(progress.ended!, progress)).toBe(
    'shop is deployed at revision 7: 1 recreated, 1 unchanged (3.4s)',
  );
});

test('what was changed before a restart of the server counts as well', () => {
  const plan = (change: 'recreated' | 'unchanged'): DeploymentEvent => ({
    type: 'plan',
    at: at(0),
    purpose: 'forward',
    plan: { empty: false, diagnostics: [], operations: [], services: [{ service: 'web', change, causes: [] }] },
  });
  const progress = progressAfter([plan('recreated'), plan('unchanged')]);
  expect(successSentence(deployment(), progress)).toMatch(/: 1 recreated$/);
});

test('when not everything fits, failures and what runs are shown and the rest is counted', () => {
  const services = Array.from({ length: 40 }, (_, index) => `service-${index}`);
  const operations = services.map((service, index) =>
    operation(String(index), 'container-start', `shop-${service}-1`, service),
  );
  const progress = progressAfter([
    {
      type: 'plan',
      at: at(0),
      purpose: 'forward',
      plan: {
        empty: false,
        diagnostics: [],
        services: services.map((service) => ({ service, change: 'created', causes: [] })),
        operations,
      },
    },
    ...operations
      .slice(0, 20)
      .map((each): DeploymentEvent => ({ type: 'operation', at: at(1), operation: each, status: 'done' })),
    { type: 'operation', at: at(2), operation: operations[39]!, status: 'failed', message: 'no' },
    { type: 'operation', at: at(2), operation: operations[38]!, status: 'started' },
  ]);
  const lines = renderLive(deployment(), progress, { ...options, height: 8 });
  expect(lines).toHaveLength(8);
  expect(lines.slice(-3)).toEqual([
    expect.stringContaining('service-38'),
    expect.stringContaining('service-39'),
    '  … and 20 done, 14 waiting',
  ]);
});

const anyText = fc.array(fc.integer({ min: 0, max: 0x2fff })).map((codes) => String.fromCodePoint(...codes));
const name = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
const anyEvent: fc.Arbitrary<DeploymentEvent> = fc.oneof(
  fc.record({
    type: fc.constant('image' as const),
    at: fc.constant(at(5)),
    ref: name,
    status: fc.constantFrom('pulling', 'building', 'done', 'failed'),
    text: anyText,
    current: fc.nat(),
    total: fc.nat(),
  }),
  fc.record({
    type: fc.constant('phase' as const),
    at: fc.constant(at(6)),
    phase: fc.constantFrom('images', 'execute', 'rollback'),
  }),
  fc.array(fc.tuple(name, name), { maxLength: 30 }).map(
    (pairs): DeploymentEvent => ({
      type: 'plan',
      at: at(7),
      purpose: 'forward',
      plan: {
        empty: false,
        diagnostics: [],
        services: pairs.map(([service, cause]) => ({ service, change: 'created', causes: [cause] })),
        operations: pairs.map(([service, target], index) =>
          operation(String(index), 'container-start', target, service),
        ),
      },
    }),
  ),
);

test('no picture is ever wider or higher than the terminal, whatever the names are', () => {
  fc.assert(
    fc.property(
      fc.array(anyEvent, { maxLength: 12 }),
      fc.integer({ min: 20, max: 120 }),
      fc.integer({ min: 3, max: 30 }),
      fc.boolean(),
      (events, columns, height, colored) => {
        const lines = renderLive(deployment(), progressAfter(events), {
          ...options,
          columns,
          height,
          paint: colored ? colorPaint : plainPaint,
          footer: colored ? 'Cancelling; what served before is put back.' : undefined,
        });
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) {
          expect(textWidth(line)).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/[\r\n\t]/);
        }
      },
    ),
    { numRuns: 300 },
  );
});
