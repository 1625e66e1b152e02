import { expect, test } from 'vitest';
import { parseAnsi, stripAnsi } from '../src/log/ansi.ts';
import { LogLines } from '../src/log/log-lines.ts';
import { createSearch, filterOf, matchesIn } from '../src/log/log-search.ts';
import { rowPieces } from '../src/log/row-pieces.ts';

const esc = '\u001b';

test.each([
  ['plain text', 'plain text'],
  [`${esc}[31mred${esc}[0m`, 'red'],
  [`${esc}[1;38;5;208mwarn${esc}[m ok`, 'warn ok'],
  [`${esc}]0;title\u0007text`, 'text'],
  [`${esc}[2K${esc}[1Gdone`, 'done'],
  ['10 %\r50 %\r100 %', '100 %'],
  ['windows line\r', 'windows line'],
  ['bell\u0007 and\u0000 null', 'bell and null'],
  ['tab\tstays', 'tab\tstays'],
])('%j is left as %j', (line, plain) => {
  expect(stripAnsi(line)).toBe(plain);
  expect(
    parseAnsi(line)
      .map(({ text }) => text)
      .join(''),
  ).toBe(plain);
});

test('styles add up and are taken back', () => {
  expect(parseAnsi(`a${esc}[1;31mb${esc}[22mc${esc}[39;4;48;2;1;2;3md${esc}[0me`)).toEqual([
    { text: 'a', start: 0, style: {} },
    { text: 'b', start: 1, style: { bold: true, foreground: '1' } },
    { text: 'c', start: 2, style: { foreground: '1' } },
    { text: 'd', start: 3, style: { underline: true, background: '#010203' } },
    { text: 'e', start: 4, style: {} },
  ]);
});

test.each([
  ['38;5;9', '9'],
  ['38;5;16', '#000000'],
  ['38;5;231', '#ffffff'],
  ['38;5;232', '#080808'],
  ['38;5;255', '#eeeeee'],
  ['38;5;999', undefined],
  ['97', '15'],
])('colour %s is %s', (code, colour) => {
  expect(parseAnsi(`${esc}[${code}mx`)[0]?.style.foreground).toBe(colour);
});

test('a search ignores capitals unless it has one, and says when it is no pattern', () => {
  const matching = (text: string, regularExpression: boolean, line: string): boolean =>
    filterOf(createSearch({ text, regularExpression }))?.({ plain: line } as never) ?? true;
  expect(matching('error', false, 'An ERROR')).toBe(true);
  expect(matching('Error', false, 'an error')).toBe(false);
  expect(matching('a.c', false, 'abc')).toBe(false);
  expect(matching('a.c', true, 'abc')).toBe(true);
  expect(createSearch({ text: '(', regularExpression: true })).toMatchObject({ kind: 'invalid' });
});

test('a row is cut where its style changes and where a match begins', () => {
  const lines = new LogLines();
  lines.setColumns(8);
  lines.push([{ stream: 'stdout', text: `one ${esc}[32mtwo three${esc}[0m` }]);
  const matches = matchesIn('one two three', createSearch({ text: 'o th', regularExpression: false }));
  const drawn = [0, 1].map((row) =>
    rowPieces(lines.row(row)!, matches).map(({ text, style, marked }) => [text, style.foreground, marked]),
  );
  expect(drawn).toEqual([
    [
      ['one ', undefined, false],
      ['tw', '2', false],
      ['o ', '2', true],
    ],
    [
      ['th', '2', true],
      ['ree', '2', false],
    ],
  ]);
});
