import { expect, test } from 'vitest';
import { type LogInput, LogLines } from '../src/log/log-lines.ts';

const line = (text: string): LogInput => ({ stream: 'stdout', text });
const texts = (lines: LogLines): string[] => {
  const rows: string[] = [];
  for (let row = lines.firstRow; row < lines.endRow; row++) {
    const found = lines.row(row)!;
    rows.push(`${found.first ? '' : '…'}${found.entry.plain.slice(found.from, found.to)}`);
  }
  return rows;
};

test('a line longer than the view makes several rows', () => {
  const lines = new LogLines();
  lines.setColumns(8);
  lines.push([line('short'), line('0123456789abcdefXYZ'), line(''), line('12345678')]);
  expect(texts(lines)).toEqual(['short', '01234567', '…89abcdef', '…XYZ', '', '12345678']);
  lines.setColumns(Number.POSITIVE_INFINITY);
  expect(texts(lines)).toEqual(['short', '0123456789abcdefXYZ', '', '12345678']);
});

test('the oldest lines go, and the rows that stay keep their numbers', () => {
  const lines = new LogLines({ lines: 3, characters: 1000 });
  lines.push(['a', 'b', 'c'].map(line));
  const rowOfC = lines.endRow - 1;
  lines.push(['d', 'e'].map(line));
  expect(texts(lines)).toEqual(['c', 'd', 'e']);
  expect(lines.row(rowOfC)?.entry.plain).toBe('c');
  expect([lines.size, lines.dropped, lines.firstRow]).toEqual([3, 2, 2]);
});

test('characters are bounded too, but the newest line always stays', () => {
  const lines = new LogLines({ lines: 100, characters: 10 });
  lines.push([line('12345'), line('12345'), line('x'.repeat(50))]);
  expect(texts(lines)).toEqual(['x'.repeat(50)]);
});

test('a filter hides lines, also those that come later and those pushed out', () => {
  const lines = new LogLines({ lines: 4, characters: 1000 });
  lines.setFilter(({ plain }) => plain.includes('!'));
  lines.push(['a!', 'b', 'c!', 'd', 'e!'].map(line));
  expect(texts(lines)).toEqual(['c!', 'e!']);
  expect([...lines.shown()].map(({ plain }) => plain)).toEqual(['c!', 'e!']);
  lines.setFilter(undefined);
  expect(texts(lines)).toEqual(['b', 'c!', 'd', 'e!']);
});

test('a stream that never ends leaves a bounded store with right rows', () => {
  const lines = new LogLines({ lines: 5000, characters: 1_000_000 });
  lines.setColumns(10);
  for (let batch = 0; batch < 100; batch++)
    lines.push(Array.from({ length: 1000 }, (_, index) => line(`${batch * 1000 + index} `.repeat(1 + (index % 4)))));
  expect(lines.size).toBe(5000);
  expect(lines.row(lines.firstRow)?.entry.sequence).toBe(95_000);
  expect(lines.row(lines.endRow - 1)?.entry.sequence).toBe(99_999);
  expect(lines.row(lines.endRow)).toBeUndefined();
  expect(lines.row(lines.firstRow - 1)).toBeUndefined();
});
