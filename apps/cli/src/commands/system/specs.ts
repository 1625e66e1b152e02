import type { CommandSpec } from '../../command/command.ts';

export const versionSpec = {
  name: 'version',
  group: 'Drover itself',
  summary: 'Print the version of this command line',
  flags: {},
  args: [],
  examples: [{ line: 'drover version', what: '' }],
} as const satisfies CommandSpec;

export const helpSpec = {
  name: 'help',
  group: 'Drover itself',
  summary: 'What a command does',
  flags: {},
  args: [{ name: 'COMMAND', optional: true, repeated: true }],
  examples: [{ line: 'drover help up', what: '' }],
} as const satisfies CommandSpec;
