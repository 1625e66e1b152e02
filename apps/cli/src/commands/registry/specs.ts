import type { CommandSpec } from '../../command/command.ts';

export const registryLoginSpec = {
  name: 'registry login',
  group: 'Configuration',
  summary: 'Keep the credentials of a registry, sealed, for pulling and building',
  flags: {
    username: { kind: 'text', short: 'u', value: 'NAME', describe: 'user name; asked for when missing' },
    passwordStdin: { kind: 'switch', describe: 'read the password from standard input' },
  },
  args: [{ name: 'SERVER', optional: true }],
  examples: [
    { line: 'drover registry login registry.example.com', what: 'asks for name and password' },
    { line: 'drover registry login -u ci --password-stdin ghcr.io < token.txt', what: 'in a script' },
  ],
} as const satisfies CommandSpec;

export const registryLogoutSpec = {
  name: 'registry logout',
  group: 'Configuration',
  summary: 'Forget the credentials of a registry',
  flags: {},
  args: [{ name: 'SERVER' }],
  examples: [{ line: 'drover registry logout ghcr.io', what: '' }],
} as const satisfies CommandSpec;

export const registryListSpec = {
  name: 'registry ls',
  group: 'Configuration',
  summary: 'List registries that Drover can sign in to',
  flags: {},
  args: [],
  examples: [{ line: 'drover registry ls', what: '' }],
} as const satisfies CommandSpec;
