import { expect, test } from 'vitest';
import { backoff } from '../src/api/backoff.ts';
import { staleAfter } from '../src/api/changes.ts';
import { fuzzyFilter } from '../src/app/command/fuzzy.ts';
import { matchPresses, pressName } from '../src/app/command/shortcut.ts';
import { signInCodeIn } from '../src/app/session/sign-in-code.ts';
import { bytesWords } from '../src/words/bytes.ts';
import { countWords, listWords } from '../src/words/count.ts';
import { agoWords, durationWords } from '../src/words/duration.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [45_640_000, '45.6 MB'],
  [999_999, '1.00 MB'],
  [123_456_789_000, '123 GB'],
])('%d bytes are %s', (bytes, words) => expect(bytesWords(bytes)).toBe(words));

test.each([
  [840, '0.8 s'],
  [9_960, '10 s'],
  [59_600, '1 min'],
  [185_000, '3 min 5 s'],
  [7_800_000, '2 h 10 min'],
  [273_600_000, '3 d 4 h'],
])('%d ms last %s', (milliseconds, words) => expect(durationWords(milliseconds)).toBe(words));

test.each([
  [-5_000, 'now'],
  [12_000, '12 s ago'],
  [3_599_000, '59 min ago'],
  [172_800_000, '2 d ago'],
])('%d ms back is %s', (milliseconds, words) => expect(agoWords(milliseconds)).toBe(words));

test('counts and lists read as sentences', () => {
  expect([countWords(1, 'service'), countWords(0, 'entry', 'entries')]).toEqual(['1 service', '0 entries']);
  expect([listWords([]), listWords(['a']), listWords(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
});

test('the sign-in code comes from behind the # and from nowhere else', () => {
  expect(signInCodeIn('#/sign-in/abcDEF12-_x')).toBe('abcDEF12-_x');
  expect(signInCodeIn('#/sign-in/')).toBeUndefined();
  expect(signInCodeIn('#/sign-in/a/b<script>')).toBeUndefined();
});

test('waiting grows, and not without end', () => {
  expect([0, 1, 2, 30].map((attempt) => backoff(attempt, 0.5))).toEqual([500, 1000, 2000, 15_000]);
});

test('an event makes stale what shows it, a gap everything, a health check nothing', () => {
  expect(staleAfter({ type: 'resync' })).toBe('everything');
  const event = { type: 'container', stack: 'shop', container: 'c1', name: 'shop-web-1', at: '' } as const;
  expect(staleAfter({ ...event, action: 'exec_start: /bin/check' })).toEqual([]);
  expect(staleAfter({ ...event, action: 'die' })).toContainEqual([['stacks', 'get'], { input: { name: 'shop' } }]);
  expect(staleAfter({ type: 'resource', kind: 'volume', id: 'v', action: 'create', at: '' })).toEqual([
    [['volumes']],
    [['disk']],
  ]);
});

const shortcuts = [
  { id: 'stacks', keys: 'g s' },
  { id: 'new', keys: 'n' },
  { id: 'palette', keys: 'mod+k' },
];
test.each([
  [['n'], 'run new'],
  [['g'], 'wait'],
  [['g', 's'], 'run stacks'],
  [['g', 'x'], 'none'],
  [['mod+k'], 'run palette'],
])('pressing %j', (presses, outcome) => {
  const match = matchPresses(presses, shortcuts);
  expect(match.kind === 'run' ? `run ${match.found.id}` : match.kind).toBe(outcome);
});

test('presses have names', () => {
  const press = { key: 'K', ctrlKey: false, metaKey: true, altKey: false };
  expect(pressName(press)).toBe('mod+k');
  expect(pressName({ ...press, metaKey: false, key: '?' })).toBe('?');
  expect(pressName({ ...press, altKey: true })).toBeUndefined();
});

test('the palette puts first what was meant', () => {
  const items = ['Networks', 'New stack', 'Restart wordpress', 'Stacks', 'Remove webshop…'];
  const find = (query: string): readonly string[] => fuzzyFilter(query, items, (item) => item);
  expect(find('stack')[0]).toBe('Stacks');
  expect(find('ns')[0]).toBe('New stack');
  expect(find('rewe')[0]).toBe('Remove webshop…');
  expect(find('zzz')).toEqual([]);
  expect(find(' ')).toEqual(items);
});
