import type { PlanView } from '@drover/contract';
import type { Paint, StyleName } from '../terminal/style.ts';
import type { Symbols } from '../terminal/symbols.ts';
import { count } from '../terminal/units.ts';
import { pad, textWidth } from '../terminal/width.ts';
import { changeWord } from './plain.ts';
import { operationDone } from './words.ts';

const styles: Readonly<Record<string, StyleName>> = {
  created: 'green',
  started: 'green',
  scaled: 'green',
  recreated: 'yellow',
  restarted: 'yellow',
  'maybe-recreated': 'yellow',
  stopped: 'red',
  removed: 'red',
};

/** A plan in words: each service that would change with its causes, then what belongs to no service, then the sum. */
export function planLines(stack: string, plan: PlanView, paint: Paint, symbols: Symbols): string[] {
  if (plan.empty) return [`${paint('green', symbols.done)} ${stack} is as its files say: there is nothing to do.`];
  const changed = plan.services.filter(({ change }) => change !== 'unchanged');
  const others = plan.operations.filter(({ service, impact }) => service === undefined && impact !== 'none');
  const widest = Math.max(
    0,
    ...changed.map(({ service }) => textWidth(service)),
    ...others.map(({ target }) => textWidth(target)),
  );
  const line = (name: string, change: string, causes: readonly string[]): string[] => {
    const [first = '', ...more] = causes;
    const word = changeWord(change);
    const indent = ' '.repeat(widest + 4 + Math.max(9, word.length) + 2);
    return [
      `  ${pad(name, widest)}  ${paint(styles[change] ?? 'cyan', pad(word, 9))}  ${first}`.trimEnd(),
      ...more.map((cause) => indent + cause),
    ];
  };
  const sums = new Map<string, number>();
  for (const { change } of plan.services) sums.set(change, (sums.get(change) ?? 0) + 1);
  const sum = [...sums].map(([change, amount]) => `${amount} ${changeWord(change)}`).join(', ');
  return [
    `A deploy of ${stack} would do this:`,
    ...others.flatMap(({ target, kind, causes }) => line(target, operationDone(kind).split(' ')[0] ?? kind, causes)),
    ...changed.flatMap(({ service, change, causes }) => line(service, change, causes)),
    `In all ${count(plan.operations.length, 'step')}${sum === '' ? '' : `; services: ${sum}`}.`,
  ];
}
