import type { CommandSpec } from '../../command/command.ts';

export const loginSpec = {
  name: 'login',
  group: 'Drover itself',
  summary: 'Sign in to a Drover server; its token is kept in a file that only you can read',
  describe: 'The token is read from standard input or asked for. A sign-in link instead of an address needs no token.',
  flags: { link: { kind: 'switch', describe: 'print a fresh one-time link to sign in to the UI with, and end' } },
  args: [{ name: 'URL', optional: true }],
  examples: [
    { line: 'drover login https://drover.example.com', what: 'asks for the token' },
    { line: 'drover login --link', what: 'a new link where the first one got lost' },
  ],
} as const satisfies CommandSpec;

export const logoutSpec = {
  name: 'logout',
  group: 'Drover itself',
  summary: 'Forget a saved login',
  flags: {},
  args: [{ name: 'URL', optional: true }],
  examples: [{ line: 'drover logout', what: 'the one that is used now' }],
} as const satisfies CommandSpec;

export const linkSpec = {
  name: 'link',
  group: 'Drover itself',
  summary: 'Print a fresh one-time link to sign in to the UI with',
  flags: {},
  args: [],
  examples: [{ line: 'drover link', what: 'an older unused link ends' }],
} as const satisfies CommandSpec;

export const openSpec = {
  name: 'open',
  group: 'Drover itself',
  summary: 'Open the UI in the browser, signed in',
  flags: {},
  args: [],
  examples: [{ line: 'drover open', what: '' }],
} as const satisfies CommandSpec;

export const rotateSpec = {
  name: 'token rotate',
  group: 'Drover itself',
  summary: 'Make a new admin token; the old one and every session end',
  flags: { yes: { kind: 'switch', short: 'y', describe: 'do not ask' } },
  args: [],
  examples: [{ line: 'drover token rotate', what: '' }],
} as const satisfies CommandSpec;
