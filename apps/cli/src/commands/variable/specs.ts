import type { CommandSpec } from '../../command/command.ts';

export const setSpec = {
  name: 'set',
  group: 'Configuration',
  summary: 'Set variables or a secret of a stack, for its next deploy',
  describe: `A secret's value is read from standard input or asked for without showing it. It is kept sealed and never shown again.`,
  flags: { secret: { kind: 'switch', describe: 'a secret: give KEY alone' } },
  args: [{ name: 'KEY=VALUE', repeated: true }],
  examples: [
    { line: 'drover set LOG_LEVEL=debug WORKERS=4', what: 'two variables' },
    { line: 'drover set --secret DB_PASSWORD', what: 'asks for the value' },
    { line: 'drover set --secret DB_PASSWORD < password.txt', what: 'reads it from a file' },
  ],
} as const satisfies CommandSpec;

export const unsetSpec = {
  name: 'unset',
  group: 'Configuration',
  summary: 'Unset variables or secrets of a stack',
  flags: {},
  args: [{ name: 'KEY', repeated: true }],
  examples: [{ line: 'drover unset LOG_LEVEL', what: 'from the next deploy on' }],
} as const satisfies CommandSpec;

export const variablesSpec = {
  name: 'vars',
  group: 'Configuration',
  summary: 'List variables and secrets of a stack',
  flags: {},
  args: [],
  examples: [{ line: 'drover vars', what: 'values of secrets are not shown' }],
} as const satisfies CommandSpec;
