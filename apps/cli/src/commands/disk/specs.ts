import type { CommandSpec } from '../../command/command.ts';

export const imagesSpec = {
  name: 'images',
  group: 'Host',
  summary: 'List the images on the host',
  flags: { quiet: { kind: 'switch', short: 'q', describe: 'ids only' } },
  args: [],
  examples: [{ line: 'drover images', what: '' }],
} as const satisfies CommandSpec;

export const volumesSpec = {
  name: 'volumes',
  group: 'Host',
  summary: 'List the volumes on the host and what uses them',
  flags: { quiet: { kind: 'switch', short: 'q', describe: 'names only' } },
  args: [],
  examples: [{ line: 'drover volumes', what: '' }],
} as const satisfies CommandSpec;

export const networksSpec = {
  name: 'networks',
  group: 'Host',
  summary: 'List the networks on the host',
  flags: { quiet: { kind: 'switch', short: 'q', describe: 'names only' } },
  args: [],
  examples: [{ line: 'drover networks', what: '' }],
} as const satisfies CommandSpec;

export const diskSpec = {
  name: 'disk',
  group: 'Host',
  summary: 'Show what takes up the disk',
  flags: {},
  args: [],
  examples: [{ line: 'drover disk', what: '' }],
} as const satisfies CommandSpec;

export const pruneSpec = {
  name: 'prune',
  group: 'Host',
  summary: 'Remove what nothing uses: shows it, asks, then removes exactly that; never volumes',
  flags: {
    dryRun: { kind: 'switch', describe: 'only show it' },
    yes: { kind: 'switch', short: 'y', describe: 'do not ask' },
  },
  args: [],
  examples: [
    { line: 'drover prune --dry-run', what: 'what would go' },
    { line: 'drover prune', what: 'shows it and asks' },
  ],
} as const satisfies CommandSpec;
