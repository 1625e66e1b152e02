import type { CommandSpec } from '../../command/command.ts';

export const hostAddSpec = {
  name: 'host add',
  group: 'Environments',
  summary: 'Print the line to paste on a machine, as root, to make it a host of the environment',
  describe:
    'The line pins the server, holds a join token and needs nothing on the machine but Docker and curl. Run again there, it repairs or upgrades the agent. It works for an hour and, in a Swarm, on ten machines; in an environment of one engine on one.',
  flags: {
    expires: {
      kind: 'seconds',
      value: 'TIME',
      describe: 'how long the line works, such as 30m or 1d; 1h when it is not given',
    },
    uses: { kind: 'number', value: 'N', minimum: 1, describe: 'on how many machines the line works' },
    replace: {
      kind: 'text',
      value: 'HOST',
      completion: 'host',
      describe: 'the machine takes the place of this host, which keeps its name and labels',
    },
    container: { kind: 'switch', describe: 'a line that runs the agent as a container' },
  },
  args: [],
  examples: [
    { line: 'drover host add -E production', what: 'then paste the line on each machine' },
    { line: 'drover host add --replace web-1', what: 'after its disk was lost' },
  ],
} as const satisfies CommandSpec;

export const hostListSpec = {
  name: 'host ls',
  group: 'Environments',
  summary: 'List hosts with an agent and how they are; of one environment with -E',
  flags: { quiet: { kind: 'switch', short: 'q', describe: 'names only' } },
  args: [],
  examples: [{ line: 'drover host ls', what: '' }],
} as const satisfies CommandSpec;

export const hostInspectSpec = {
  name: 'host inspect',
  group: 'Environments',
  summary: 'Show what a host is, what its kernel can do and how busy it is',
  flags: {},
  args: [{ name: 'HOST', completion: 'host' }],
  examples: [{ line: 'drover host inspect web-1', what: '' }],
} as const satisfies CommandSpec;

export const hostLabelSpec = {
  name: 'host label',
  group: 'Environments',
  summary: 'Set labels of a host; NAME- takes one away',
  flags: {},
  args: [
    { name: 'HOST', completion: 'host' },
    { name: 'NAME=VALUE', repeated: true },
  ],
  examples: [{ line: 'drover host label web-1 zone=a disk=ssd old-', what: 'sets two labels and takes one away' }],
} as const satisfies CommandSpec;

export const hostRenameSpec = {
  name: 'host rename',
  group: 'Environments',
  summary: 'Give a host another name in Drover',
  flags: {},
  args: [{ name: 'HOST', completion: 'host' }, { name: 'NAME' }],
  examples: [{ line: 'drover host rename ip-10-0-0-7 web-1', what: '' }],
} as const satisfies CommandSpec;

export const hostRemoveSpec = {
  name: 'host rm',
  group: 'Environments',
  summary: 'Remove a host: its agent is shut out at once, and what runs on it keeps running',
  flags: { yes: { kind: 'switch', short: 'y', describe: 'do not ask' } },
  args: [{ name: 'HOST', completion: 'host' }],
  examples: [{ line: 'drover host rm web-1', what: 'the machine can join again by a new line' }],
} as const satisfies CommandSpec;

export const hostTokensSpec = {
  name: 'host tokens',
  group: 'Environments',
  summary: 'List the join tokens of lines that were made, never their secrets',
  flags: {},
  args: [],
  examples: [{ line: 'drover host tokens', what: '' }],
} as const satisfies CommandSpec;

export const hostRevokeSpec = {
  name: 'host revoke',
  group: 'Environments',
  summary: 'Revoke a join token; hosts that joined by it stay',
  flags: {},
  args: [{ name: 'TOKEN' }],
  examples: [{ line: 'drover host revoke 3f9a2b7c10de', what: 'its line works nowhere any more' }],
} as const satisfies CommandSpec;

export const hostUpgradeSpec = {
  name: 'host upgrade',
  group: 'Environments',
  summary: "Bring the server's build of the agent to hosts, one at a time; the old one stays until the new one answers",
  flags: { all: { kind: 'switch', describe: 'every host that has another build' } },
  args: [{ name: 'HOST', optional: true, repeated: true, completion: 'host' }],
  examples: [
    { line: 'drover host upgrade web-1', what: '' },
    { line: 'drover host upgrade --all', what: 'stops at the first that fails' },
  ],
  exits: { 1: 'a host was not upgraded' },
} as const satisfies CommandSpec;

export const hostDrainSpec = {
  name: 'host drain',
  group: 'Environments',
  summary:
    'Empty a host of a Swarm: shows what moves, what cannot and which data stays, asks, then replaces before it stops',
  flags: {
    dryRun: { kind: 'switch', describe: 'only show it' },
    yes: { kind: 'switch', short: 'y', describe: 'do not ask' },
    stopStuck: { kind: 'switch', describe: 'also stop what no other host can take' },
  },
  args: [{ name: 'HOST', completion: 'host' }],
  examples: [{ line: 'drover -E prod host drain n2', what: 'then drover -E prod host activate n2' }],
} as const satisfies CommandSpec;

export const hostCordonSpec = {
  name: 'host cordon',
  group: 'Environments',
  summary: 'Place nothing new on a host of a Swarm; what runs there goes on',
  flags: {},
  args: [{ name: 'HOST', completion: 'host' }],
  examples: [{ line: 'drover -E prod host cordon n2', what: '' }],
} as const satisfies CommandSpec;

export const hostActivateSpec = {
  name: 'host activate',
  group: 'Environments',
  summary: 'Let a host that was cordoned or drained take tasks again; a drain under way is ended',
  flags: {},
  args: [{ name: 'HOST', completion: 'host' }],
  examples: [{ line: 'drover -E prod host activate n2', what: '' }],
} as const satisfies CommandSpec;
