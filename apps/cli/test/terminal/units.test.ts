import { expect, test } from 'vitest';
import { formatAgo, formatBytes, formatElapsed } from '../../src/terminal/units.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [12_345, '12 kB'],
  [9_960_000, '10 MB'],
  [999_600_000, '1.0 GB'],
  [5.2e12, '5.2 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [-5, '0.0s'],
  [450, '0.5s'],
  [59_940, '59.9s'],
  [59_960, '1m00s'],
  [125_000, '2m05s'],
  [3_720_000, '1h02m'],
])('%d ms are %s', (milliseconds, text) => {
  expect(formatElapsed(milliseconds)).toBe(text);
});

test('how long ago', () => {
  const now = Date.parse('2026-01-02T00:00:00Z');
  expect(formatAgo('2026-01-01T23:59:59Z', now)).toBe('1 second ago');
  expect(formatAgo('2026-01-01T00:00:00Z', now)).toBe('24 hours ago');
  expect(formatAgo('2025-12-01T00:00:00Z', now)).toBe('32 days ago');
  expect(formatAgo('nonsense', now)).toBe('');
});
