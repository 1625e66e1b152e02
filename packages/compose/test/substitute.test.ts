import { expect, test } from 'vitest';
import { substitute, variablesIn } from '../src/index.ts';

const variables: Readonly<Record<string, string>> = { SET: 'value', EMPTY: '', other_1: 'o' };
const lookup = (name: string): string | undefined => variables[name];

test.each([
  ['plain', 'plain'],
  ['$SET', 'value'],
  ['${SET}', 'value'],
  ['a${SET}b$SET-', 'avaluebvalue-'],
  ['$other_1', 'o'],
  ['$SETx', ''],
  ['$$SET $${SET}', '$SET ${SET}'],
  ['^a$ $1 $- $', '^a$ $1 $- $'],
  ['${UNSET}', ''],
  ['${UNSET-d} ${EMPTY-d} ${SET-d}', 'd  value'],
  ['${UNSET:-d} ${EMPTY:-d} ${SET:-d}', 'd d value'],
  ['${UNSET+a} ${EMPTY+a} ${SET+a}', ' a a'],
  ['${UNSET:+a} ${EMPTY:+a} ${SET:+a}', '  a'],
  ['${SET?m} ${EMPTY?m} ${SET:?m}', 'value  value'],
  ['${UNSET:-${SET}-${UNSET:-x}}', 'value-x'],
  ['${UNSET:-{"a": {"b": 1}}}', '{"a": {"b": 1}}'],
  ['${UNSET:-a}${UNSET:-b} ${SET}', 'ab value'],
  ['${UNSET:-a:b?c}', 'a:b?c'],
  ['${SET:-${UNSET:?never looked at}}', 'value'],
  ['${UNSET:+${UNSET:?never looked at}}', ''],
  ['${UNSET:-}', ''],
])('%s is %s', (text, expected) => {
  expect(substitute(text, lookup)).toBe(expected);
});

test.each(['${', '${}', '${ SET}', '${SET', '${SET!}', '${1}', '${SET:-a\n}', 'x ${-a}'])(
  '%j is no template',
  (text) => {
    expect(() => substitute(text, lookup)).toThrow('begins no variable');
  },
);

test.each([
  ['${UNSET?}', 'the variable UNSET must be set'],
  ['${EMPTY:?why}', 'the variable EMPTY must be set and not empty: why'],
  ['${UNSET:?needs $SET}', 'the variable UNSET must be set and not empty: needs $SET'],
])('%s fails with its own words, unreplaced', (text, message) => {
  expect(() => substitute(text, lookup)).toThrow(message);
});

test('lists the variables of a text, in words too', () => {
  const names = variablesIn('$A ${B:-${C:-$D}} ${E:?${F}} $$G').map((reference) => reference.name);
  expect(names.sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
});
