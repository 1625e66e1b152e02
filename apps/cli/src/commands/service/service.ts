import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkDefinition, openrcScript, type ServiceDefinition, startCommand, systemdUnit } from './definition.ts';
import { initSystem, type Machine, mustRun, ServiceError } from './machine.ts';

const systemdFile = '/etc/systemd/system/drover.service';
const openrcFile = '/etc/init.d/drover';

export interface ServiceStatus {
  readonly init: 'systemd' | 'openrc' | 'none';
  readonly installed: boolean;
  readonly atBoot: boolean;
  readonly running: boolean;
}

/** A file that is written and the programs that are run, in order. */
export interface InstallPlan {
  readonly file: string;
  readonly text: string;
  readonly mode: number;
  readonly commands: readonly (readonly [program: string, ...args: string[]])[];
}

/** What `installService` will do here. Throws with what to do by hand where no known init system runs. */
export function planInstall(machine: Machine, definition: ServiceDefinition): InstallPlan {
  checkDefinition(definition);
  const init = initSystem(machine);
  switch (init.kind) {
    case 'systemd':
      return {
        file: systemdFile,
        text: systemdUnit(definition),
        mode: 0o644,
        commands: [
          ['systemctl', 'daemon-reload'],
          ['systemctl', 'enable', 'drover.service'],
          ['systemctl', 'restart', 'drover.service'],
        ],
      };
    case 'openrc':
      return {
        file: openrcFile,
        text: openrcScript(definition),
        mode: 0o755,
        commands: [
          ['rc-update', 'add', 'drover', 'default'],
          ['rc-service', 'drover', 'restart'],
        ],
      };
    case 'none':
      throw new ServiceError(
        `making Drover a service: this machine runs neither systemd nor OpenRC (PID 1 is ${init.name}). Have this started at boot, as root: ${startCommand(definition)}`,
      );
  }
}

/** Makes Drover start at boot, and starts it. Doing it again updates it. */
export async function installService(machine: Machine, plan: InstallPlan): Promise<void> {
  const file = machine.prefix + plan.file;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, plan.text, { mode: plan.mode });
  await chmod(file, plan.mode);
  for (const [program, ...args] of plan.commands) await mustRun(machine, program, args);
}

/** Stops Drover and forgets the service; false when there was none. */
export async function uninstallService(machine: Machine): Promise<boolean> {
  const { kind } = initSystem(machine);
  const file = kind === 'openrc' ? openrcFile : systemdFile;
  if (!existsSync(machine.prefix + file)) return false;
  if (kind === 'systemd') await mustRun(machine, 'systemctl', ['disable', '--now', 'drover.service']);
  if (kind === 'openrc') {
    await machine.run('rc-service', ['drover', 'stop']);
    await mustRun(machine, 'rc-update', ['del', 'drover']);
  }
  await rm(machine.prefix + file, { force: true });
  if (kind === 'systemd') await mustRun(machine, 'systemctl', ['daemon-reload']);
  return true;
}

/** Whether Drover is a service here, and whether it runs. */
export async function serviceStatus(machine: Machine): Promise<ServiceStatus> {
  const { kind } = initSystem(machine);
  const succeeds = async (program: string, args: readonly string[]): Promise<boolean> =>
    (await machine.run(program, args)).status === 0;
  switch (kind) {
    case 'systemd':
      return {
        init: kind,
        installed: existsSync(machine.prefix + systemdFile),
        atBoot: await succeeds('systemctl', ['is-enabled', '--quiet', 'drover.service']),
        running: await succeeds('systemctl', ['is-active', '--quiet', 'drover.service']),
      };
    case 'openrc':
      return {
        init: kind,
        installed: existsSync(machine.prefix + openrcFile),
        atBoot: (await machine.run('rc-update', ['show', 'default'])).output.split(/\s+/).includes('drover'),
        running: await succeeds('rc-service', ['drover', 'status']),
      };
    case 'none':
      return { init: kind, installed: false, atBoot: false, running: false };
  }
}
