import type { CommandSpec } from '../../command/command.ts';

export const serviceInstallSpec = {
  name: 'service install',
  group: 'Drover itself',
  summary: 'Make Drover a service of this machine that starts at boot',
  describe:
    'For systemd, or OpenRC. Where neither runs it says what to do. DROVER_DATA, DROVER_LISTEN and DOCKER_HOST of this call are kept.',
  flags: { dryRun: { kind: 'switch', describe: 'only print what would be written' } },
  args: [],
  examples: [{ line: 'sudo ./bin/drover service install', what: '' }],
} as const satisfies CommandSpec;

export const serviceUninstallSpec = {
  name: 'service uninstall',
  group: 'Drover itself',
  summary: 'Stop that service and remove it; data and applications stay',
  flags: {},
  args: [],
  examples: [{ line: 'sudo ./bin/drover service uninstall', what: '' }],
} as const satisfies CommandSpec;

export const serviceStatusSpec = {
  name: 'service status',
  group: 'Drover itself',
  summary: 'Whether Drover is a service here, and whether it runs',
  flags: {},
  args: [],
  examples: [{ line: 'drover service status', what: 'exit code 0 when it runs, 1 when not' }],
} as const satisfies CommandSpec;
