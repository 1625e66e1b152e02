import type { CommandSpec } from '../../command/command.ts';

export const environmentListSpec = {
  name: 'environment ls',
  aliases: ['env ls'],
  group: 'Environments',
  summary: 'List environments, and whether their engines answer',
  flags: {},
  args: [],
  examples: [{ line: 'drover environment ls', what: 'or drover env ls' }],
} as const satisfies CommandSpec;

export const environmentCreateSpec = {
  name: 'environment create',
  aliases: ['env create'],
  group: 'Environments',
  summary: 'Make an environment, to which hosts are then added',
  describe:
    'An environment is a set of hosts run by one orchestrator: exactly one Docker Engine, or a Swarm. Two environments may each have a stack of the same name.',
  flags: {
    kind: {
      kind: 'choice',
      value: 'KIND',
      choices: ['engine', 'swarm'],
      describe: 'engine (one Docker Engine) or swarm; engine when it is not given',
    },
  },
  args: [{ name: 'NAME' }],
  examples: [{ line: 'drover environment create staging', what: 'then drover -E staging up' }],
} as const satisfies CommandSpec;

export const environmentRemoveSpec = {
  name: 'environment rm',
  aliases: ['env rm'],
  group: 'Environments',
  summary: 'Remove an environment that holds no stack and no host',
  flags: {},
  args: [{ name: 'NAME', completion: 'environment' }],
  examples: [{ line: 'drover environment rm staging', what: 'what stands on its hosts is not touched' }],
} as const satisfies CommandSpec;
