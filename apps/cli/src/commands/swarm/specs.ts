import type { CommandSpec } from '../../command/command.ts';

export const swarmStatusSpec = {
  name: 'swarm status',
  group: 'Environments',
  summary: 'Show the Swarm of an environment: managers, quorum, nodes, and what is wrong',
  flags: {},
  args: [],
  examples: [{ line: 'drover -E prod swarm status', what: '' }],
} as const satisfies CommandSpec;

export const swarmSetSpec = {
  name: 'swarm set',
  group: 'Environments',
  summary: 'Say how many managers a Swarm has, how fast a lost host is noticed, and whether managers lock',
  describe:
    'Managers are an odd number: auto takes 1, 3 or 5 as the hosts allow. With autolock a manager that restarts waits for the unlock key, which Drover keeps sealed and gives by itself.',
  flags: {
    managers: {
      kind: 'choice',
      value: 'COUNT',
      choices: ['auto', '1', '3', '5', '7'],
      describe: 'auto, or a fixed odd number',
    },
    heartbeat: { kind: 'seconds', value: 'TIME', describe: 'between two signs of life of a node, such as 2s' },
    autolock: { kind: 'choice', value: 'WHETHER', choices: ['on', 'off'], describe: 'lock managers that restart' },
  },
  args: [],
  examples: [{ line: 'drover -E prod swarm set --managers 3', what: '' }],
} as const satisfies CommandSpec;

export const swarmRotateSpec = {
  name: 'swarm rotate',
  group: 'Environments',
  summary: 'Make a join token or the unlock key of a Swarm anew; the old one opens nothing any more',
  flags: {},
  args: [{ name: 'TOKEN' }],
  examples: [{ line: 'drover -E prod swarm rotate worker-token', what: 'or manager-token, or unlock-key' }],
} as const satisfies CommandSpec;

export const swarmRecoverSpec = {
  name: 'swarm recover',
  group: 'Environments',
  summary: 'Go on from one manager when a Swarm has lost its quorum for good',
  describe:
    'Without HOST it shows what can be gone on from, and what is given up. What runs keeps running either way; managers that are given up must not come back with their old state.',
  flags: { yes: { kind: 'switch', short: 'y', describe: 'do not ask' } },
  args: [{ name: 'HOST', optional: true, completion: 'host' }],
  examples: [
    { line: 'drover -E prod swarm recover', what: 'what can be done' },
    { line: 'drover -E prod swarm recover n2', what: 'asks, then goes on from n2' },
  ],
} as const satisfies CommandSpec;
