import { expect, test } from 'vitest';
import { parseRawEnv } from '../src/dotenv/parse-raw.ts';
import { parseDotenv } from '../src/index.ts';

const outside = (name: string): string | undefined => (name === 'OUT' ? 'outside' : undefined);

function read(text: string): Record<string, string> {
  const variables = new Map<string, string>();
  parseDotenv(text, variables, outside);
  return Object.fromEntries(variables);
}

test.each([
  ['A=1\nB=2\n', { A: '1', B: '2' }],
  ['\uFEFFA=1', { A: '1' }],
  ['A = spaced out  \n', { A: 'spaced out' }],
  ['A: yaml\n', { A: 'yaml' }],
  ['export A=1\n', { A: '1' }],
  ['# c\n\n  # d\nA=1 # e\n', { A: '1' }],
  ['A=a#b\n', { A: 'a#b' }],
  ['A=\nB=1\n', { A: '', B: '1' }],
  ['A="x # y" # z\n', { A: 'x # y' }],
  [`A='$B \\n'\n`, { A: '$B \\n' }],
  ['A="a\\n\\t\\"\\\\"\n', { A: 'a\n\t"\\' }],
  ['A="\\0101\\07"\n', { A: 'A\\7' }],
  ['A="one\ntwo"\nB=1\n', { A: 'one\ntwo', B: '1' }],
  ['A=1\nB=$A-${A:-x}-${C:-y}\n', { A: '1', B: '1-1-y' }],
  ['OUT=here\nB=$OUT\n', { OUT: 'here', B: 'outside' }],
  ['A="\\$B $$C"\n', { A: '$B $C' }],
  ['OUT\nMISSING\nA=1', { OUT: 'outside', A: '1' }],
  ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['a.b-c[0]=x\n', { 'a.b-c[0]': 'x' }],
])('%j is %j', (text, variables) => {
  expect(read(text)).toEqual(variables);
});

test.each([
  ['A=1\nB C=2\n', 'line 2: a variable name holds a space'],
  ['A=1\n\n%=2\n', 'line 3: the character "%" cannot be in a variable name'],
  ['A="open\n', 'line 1: a quoted value has no end'],
  ['A=${\n', 'line 1: "${" begins no variable'],
])('%j is refused: %s', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('the raw format keeps quotes, spaces and dollars', () => {
  const variables = new Map<string, string>();
  parseRawEnv('# c\n  A="q"  \nB=$A\nOUT\nNONE\n', variables, outside);
  expect(Object.fromEntries(variables)).toEqual({ A: '"q"  ', B: '$A', OUT: 'outside' });
});
