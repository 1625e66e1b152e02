import type { CommandSpec } from '../../command/command.ts';

export const infoSpec = {
  name: 'info',
  group: 'Drover itself',
  summary: 'Show the server and its engine',
  flags: {},
  args: [],
  examples: [{ line: 'drover info', what: 'exit code 1 when the engine does not answer' }],
} as const satisfies CommandSpec;

export const backupSpec = {
  name: 'backup',
  group: 'Drover itself',
  summary: 'Back up Drover’s store and key into its data folder',
  flags: {},
  args: [],
  examples: [{ line: 'drover backup', what: 'prints the path of the backup' }],
} as const satisfies CommandSpec;

export const completionSpec = {
  name: 'completion',
  group: 'Drover itself',
  summary: 'Print a script that completes commands, flags and names in your shell',
  flags: {},
  args: [{ name: 'SHELL' }],
  examples: [
    { line: 'eval "$(drover completion bash)"', what: 'in ~/.bashrc' },
    { line: 'eval "$(drover completion zsh)"', what: 'in ~/.zshrc' },
    { line: 'drover completion fish | source', what: 'in ~/.config/fish/config.fish' },
  ],
} as const satisfies CommandSpec;

export const completeSpec = {
  name: '__complete',
  group: 'Drover itself',
  summary: 'What could stand in place of the last word; for completion scripts',
  flags: {},
  args: [],
  verbatim: true,
  hidden: true,
  examples: [],
} as const satisfies CommandSpec;

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
