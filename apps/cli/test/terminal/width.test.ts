import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneLine, pad, textWidth, truncate } from '../../src/terminal/width.ts';

const anyText = fc.array(fc.integer({ min: 0, max: 0x2fff })).map((codes) => String.fromCodePoint(...codes));

test.each([
  ['web', 3],
  ['', 0],
  ['\u001b[31mred\u001b[39m', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['👍', 2],
  ['✔ done', 6],
])('%j takes %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test('truncate never exceeds the width, and keeps what fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 30 }), (raw, width) => {
      const text = oneLine(raw);
      const cut = truncate(text, width);
      expect(textWidth(cut)).toBeLessThanOrEqual(width);
      if (textWidth(text) <= width) expect(cut).toBe(text);
      expect(textWidth(pad(cut, width))).toBe(width);
    }),
  );
});

test('oneLine leaves nothing that moves the cursor', () => {
  expect(oneLine('a\u001b[2Jb\r\nc\u001b]0;title\u0007d\te')).toBe('ab  cd e');
  fc.assert(fc.property(anyText, (text) => !/\p{Cc}/u.test(oneLine(text))));
});
