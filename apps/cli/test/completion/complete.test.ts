import { expect, test } from 'vitest';
import { commands } from '../../src/commands/table.ts';
import { complete } from '../../src/completion/complete.ts';

const values = (line: string) => {
  const words = line.split(' ');
  const { candidates, dynamic } = complete(words.slice(0, -1), words.at(-1)!, commands);
  return { values: candidates.map(({ value }) => value), dynamic };
};

test('commands, and the second words of those that have two', () => {
  expect(values('').values).toEqual(expect.arrayContaining(['up', 'plan', 'registry', 'completion']));
  expect(values('').values).not.toContain('__complete');
  expect(values('registry ').values).toEqual(['login', 'logout', 'ls']);
  expect(values('-p shop token ').values).toEqual(['rotate']);
});

test('flags of the command and of all commands', () => {
  expect(values('up --').values).toEqual(expect.arrayContaining(['--force-recreate', '--scale', '--file', '--json']));
  expect(values('up --').values).not.toContain('--detach');
});

test('values of flags, in the next word or behind =', () => {
  expect(values('up --pull ').values).toEqual(['always', 'missing', 'never', 'policy']);
  expect(values('up --pull=').values).toEqual(['always', 'missing', 'never', 'policy']);
  expect(values('up -f ')).toEqual({ values: [], dynamic: 'file' });
  expect(values('--project-directory ').dynamic).toBe('directory');
  expect(values('-p ').dynamic).toBe('stack');
});

test('arguments: what only a server knows is left to it, with the stack that was named', () => {
  expect(values('logs -f ').dynamic).toBe('service');
  expect(values('logs web ').dynamic).toBe('service');
  expect(values('rollback ').dynamic).toBe('revision');
  expect(values('down --volume ').dynamic).toBe('volume');
  expect(complete(['-p', 'shop', 'ps'], '', commands).projectName).toBe('shop');
});

test('an environment is completed, and named to the server that is asked for more', () => {
  expect(values('-E ').dynamic).toBe('environment');
  expect(values('environment rm ').dynamic).toBe('environment');
  expect(values('env ').values).toEqual(['ls', 'create', 'rm']);
  expect(values('').values).toContain('environment');
  expect(values('').values).not.toContain('env');
  expect(complete(['-E', 'west', '-p'], '', commands).environment).toBe('west');
});

test('the words of a remote command are its own', () => {
  expect(values('exec web ls -').dynamic).toBe('file');
  expect(values('exec ').dynamic).toBe('service');
});
