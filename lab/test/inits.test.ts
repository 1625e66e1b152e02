import { expect, it } from 'vitest';
import { checkInit } from '../src/inits.ts';

it('has init systems with one engine only, and says so', () => {
  expect(() => checkInit('openrc', '20.10')).not.toThrow();
  expect(() => checkInit('tini', '28')).not.toThrow();
  expect(() => checkInit('systemd', '28')).toThrow(
    'making a host with systemd: it is there with engine 20.10, not with 28',
  );
});
