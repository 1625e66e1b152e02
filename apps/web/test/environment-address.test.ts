import { expect, test } from 'vitest';
import { basePathOf, environmentIn, sameRoomIn } from '../src/api/environment-address.ts';

test.each([
  ['/', 'local'],
  ['/stacks', 'local'],
  ['/stacks/e/west', 'local'],
  ['/e', 'local'],
  ['/e/', 'local'],
  ['/e/west', 'west'],
  ['/e/west/', 'west'],
  ['/e/west/stacks/shop', 'west'],
  ['/e/WEST/stacks', 'local'],
  ['/e/we%2Fst/stacks', 'local'],
  ['/e/..%2fx/stacks', 'local'],
])('%s is of %s', (pathname, environment) => {
  expect(environmentIn(pathname)).toBe(environment);
});

test('an address of an environment is found again in it', () => {
  expect(environmentIn(`${basePathOf('west')}/stacks`)).toBe('west');
  expect(environmentIn(`${basePathOf('local')}/stacks`)).toBe('local');
});

test.each([
  ['west', '/host/images', '/e/west/host/images'],
  ['local', '/host/images', '/host/images'],
  ['west', '/environments', '/e/west/environments'],
  ['west', '/hosts', '/e/west/hosts'],
  ['west', '/hosts/n1', '/e/west/stacks'],
  ['west', '/stacks/new', '/e/west/stacks/new'],
  // What is in one environment need not be in the other.
  ['west', '/stacks/shop/logs', '/e/west/stacks'],
  ['local', '/containers/0123', '/stacks'],
  ['local', '/deployments/9', '/stacks'],
])('the like in %s of %s', (environment, path, address) => {
  expect(sameRoomIn(environment, path)).toBe(address);
});
