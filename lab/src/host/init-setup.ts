import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InitName } from '../inits.ts';
import { type EngineDaemonPlan, engineLogPath, engineOptions } from './engine-daemon.ts';

// Each would change the machine and not the host: its clock, its kernel's settings and modules, its devices.
const maskedUnits = ['systemd-modules-load.service', 'systemd-sysctl.service', 'systemd-udevd.service'];
const removedScripts = ['cgroups', 'hwclock.sh', 'networking', 'procps'];

// The one of the package raises limits that a machine without CAP_SYS_RESOURCE cannot.
const openrcEngine = `#!/sbin/openrc-run
supervisor=supervise-daemon
command=/usr/sbin/dockerd
output_log=${engineLogPath}
error_log=${engineLogPath}
`;

/** Makes a new root file system one that an init system can start inside namespaces. */
export async function layInit(init: InitName, folder: string): Promise<void> {
  if (init === 'systemd') {
    for (const unit of maskedUnits) await symlink('/dev/null', join(folder, 'etc/systemd/system', unit));
  }
  if (init === 'openrc') {
    for (const script of removedScripts) await rm(join(folder, 'etc/runlevels/sysinit', script), { force: true });
    await writeFile(join(folder, 'etc/init.d/docker'), openrcEngine);
    await chmod(join(folder, 'etc/init.d/docker'), 0o755);
    const started = join(folder, 'etc/runlevels/default/docker');
    await mkdir(dirname(started), { recursive: true });
    await rm(started, { force: true });
    await symlink('/etc/init.d/docker', started);
  }
}

/** The files with which a host's init system starts the engine as this lab wants it: absolute path → content. */
export function engineServiceFiles(init: InitName, plan: EngineDaemonPlan): ReadonlyMap<string, string> {
  const options = engineOptions(plan);
  switch (init) {
    case 'tini':
      return new Map();
    case 'systemd': {
      const start = ['/usr/sbin/dockerd', '--host=fd://', ...options].join(' ');
      const log = `StandardOutput=append:${engineLogPath}\nStandardError=inherit\n`;
      const text = `[Service]\nExecStart=\nExecStart=${start}\n${log}`;
      return new Map([['/etc/systemd/system/docker.service.d/lab.conf', text]]);
    }
    case 'openrc': {
      const text = ['--host=unix:///var/run/docker.sock', ...options].join(' ');
      return new Map([['/etc/conf.d/docker', `command_args="${text}"\n`]]);
    }
  }
}
