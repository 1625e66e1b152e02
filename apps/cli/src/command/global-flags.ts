import type { Flags, FlagValues } from './flag.ts';

/** Flags of every command; they stand before or after the verb. Where a command has a flag of the same spelling, its own counts after the verb. */
export const globalFlags = {
  file: {
    kind: 'list',
    short: 'f',
    value: 'FILE',
    completion: 'file',
    describe: 'Compose file; may be repeated, - is standard input',
  },
  projectName: { kind: 'text', short: 'p', value: 'NAME', completion: 'stack', describe: 'name of the stack' },
  environment: {
    kind: 'text',
    short: 'E',
    value: 'NAME',
    completion: 'environment',
    describe: 'environment that is meant; local when none is named (DROVER_ENVIRONMENT)',
  },
  envFile: {
    kind: 'list',
    value: 'FILE',
    completion: 'file',
    describe: 'file of variables instead of .env; may be repeated',
  },
  profile: { kind: 'list', value: 'NAME', describe: 'activate a profile; may be repeated, * is all' },
  projectDirectory: {
    kind: 'text',
    value: 'DIR',
    completion: 'directory',
    describe: 'directory that relative paths start from',
  },
  server: { kind: 'text', value: 'URL', describe: 'the Drover server (DROVER_URL)' },
  json: { kind: 'switch', describe: 'one JSON document on standard output; streams print one a line' },
  progress: {
    kind: 'choice',
    value: 'HOW',
    choices: ['auto', 'live', 'plain', 'quiet'],
    describe: 'how progress is shown: auto, live, plain, quiet',
  },
  color: {
    kind: 'choice',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    describe: 'colours: auto, always, never',
  },
  help: { kind: 'switch', short: 'h', describe: 'what the command does, with examples' },
} as const satisfies Flags;

export type GlobalValues = FlagValues<typeof globalFlags>;
