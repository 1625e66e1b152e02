import type { CommandSpec } from '../../command/command.ts';

export const listSpec = {
  name: 'ls',
  group: 'Applications',
  summary: 'List stacks, and the projects of docker compose that could be adopted',
  flags: { quiet: { kind: 'switch', short: 'q', describe: 'names only' } },
  args: [],
  examples: [
    { line: 'drover ls', what: 'all stacks and their state' },
    { line: 'drover ls --json', what: 'the same for a program' },
  ],
} as const satisfies CommandSpec;
