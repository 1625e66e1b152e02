import { expect, test } from 'vitest';
import { LiveRegion } from '../../src/terminal/live-region.ts';
import { Screen } from './screen.ts';

test('drawing replaces what was drawn, growing and shrinking', () => {
  const screen = new Screen(20, 10);
  screen.write('$ drover up\n');
  const region = new LiveRegion(screen);
  region.draw(['one', 'two']);
  region.draw(['1', '2', '3']);
  expect(screen.lines).toEqual(['$ drover up', '1', '2', '3']);
  region.draw(['last']);
  expect(screen.lines).toEqual(['$ drover up', 'last']);
  expect(screen.cursorVisible).toBe(false);
});

test('what is printed stays above', () => {
  const screen = new Screen(20, 10);
  const region = new LiveRegion(screen);
  region.draw(['live']);
  region.print(['warning: x']);
  region.draw(['live again']);
  expect(screen.lines).toEqual(['warning: x', 'live again']);
});

test('closing takes the region away, gives the cursor back, and may be done twice', () => {
  const screen = new Screen(20, 10);
  const region = new LiveRegion(screen);
  region.draw(['a', 'b']);
  region.close();
  region.close();
  region.draw(['ignored']);
  screen.write('done\n');
  expect(screen.lines).toEqual(['done']);
  expect(screen.cursorVisible).toBe(true);
});

test('no more lines are drawn than the terminal can reach', () => {
  const screen = new Screen(20, 5);
  screen.write('$ drover up\n');
  const region = new LiveRegion(screen);
  const many = Array.from({ length: 50 }, (_, index) => `line ${index}`);
  for (let round = 0; round < 5; round += 1) region.draw(many);
  region.close();
  expect(screen.lines).toEqual(['$ drover up']);
});

test('a terminal that became narrower wraps what stands there, and it still is replaced whole', () => {
  const screen = new Screen(60, 20);
  screen.write('$ drover up\n');
  const region = new LiveRegion(screen);
  region.draw(['a'.repeat(59), 'b'.repeat(30), 'c']);
  screen.resize(25);
  region.draw(['short']);
  expect(screen.lines).toEqual(['$ drover up', 'short']);
});
