import { expect, it } from 'vitest';
import { readIgnoreRules } from '../../src/build/dockerignore.ts';

function kept(rules: string, paths: string): string {
  const { excludes } = readIgnoreRules(rules);
  return paths
    .split(' ')
    .filter((path) => !excludes(path))
    .join(' ');
}

it.each([
  ['# comment\n\n', 'a b/c', 'a b/c'],
  ['a', 'a a/b ab c/a', 'ab c/a'],
  ['/a', 'a c/a', 'c/a'],
  ['a/', 'a a/b b', 'b'],
  ['./a', 'a b', 'b'],
  ['*.log', 'x.log a/x.log y', 'a/x.log y'],
  ['**/*.log', 'x.log a/x.log a/b/x.log y', 'y'],
  ['a/**', 'a a/b a/b/c b', 'a b'],
  ['a/**/z', 'a/z a/b/z a/b/c/z z', 'z'],
  ['**', 'a a/b', ''],
  ['*', 'a a/b', ''],
  ['?.txt', 'a.txt ab.txt', 'ab.txt'],
  ['[ab].txt', 'a.txt b.txt c.txt', 'c.txt'],
  ['[^a].txt', 'a.txt b.txt', 'a.txt'],
  ['a.b', 'a.b axb', 'axb'],
  ['a\\*', 'a* ab', 'ab'],
  ['*\n!keep', 'a keep keep/x', 'keep keep/x'],
  ['*\n!keep\nkeep/x', 'keep keep/x keep/y', 'keep keep/y'],
  ['!a\na', 'a b', 'b'],
  ['node_modules\n!node_modules/mine', 'node_modules node_modules/x node_modules/mine', 'node_modules/mine'],
  ['a\r\nb\r\n', 'a b c', 'c'],
])('with %j of %s keeps %j', (rules, paths, wanted) => {
  expect(kept(rules, paths)).toBe(wanted);
});

it('reads no folder that is left out as a whole', () => {
  expect(readIgnoreRules('node_modules').prunes('node_modules')).toBe(true);
  expect(readIgnoreRules('node_modules').prunes('src')).toBe(false);
  expect(readIgnoreRules('node_modules\n!src').prunes('node_modules')).toBe(true);
  expect(readIgnoreRules('node_modules\n!node_modules/a/b').prunes('node_modules')).toBe(false);
  expect(readIgnoreRules('node_modules\n!**/keep').prunes('node_modules')).toBe(false);
});
