import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { LabError } from './errors.ts';
import { withFileLock } from './file-lock.ts';
import { stateFolder } from './folders.ts';

/** Program → Debian package that has it. */
const neededPrograms: ReadonlyMap<string, string> = new Map([
  ['mmdebstrap', 'mmdebstrap'],
  ['ip', 'iproute2'],
  ['iptables', 'iptables'],
  ['nsenter', 'util-linux'],
  ['unshare', 'util-linux'],
  ['flock', 'util-linux'],
  ['mount', 'mount'],
  ['mkfs.ext4', 'e2fsprogs'],
  ['tar', 'tar'],
  ['dpkg-deb', 'dpkg'],
]);

const archiveKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Makes sure that this machine can run a lab, installing missing programs with apt; says plainly what is in the way otherwise. */
export async function readyMachine(signal?: AbortSignal): Promise<void> {
  if (process.platform !== 'linux') throw new LabError('starting a lab: it needs Linux, for its namespaces');
  if (process.getuid?.() !== 0) throw new LabError('starting a lab: it needs root, for namespaces, mounts and links');
  if ((await missingPackages()).length === 0) return;
  await withFileLock(join(stateFolder, 'apt.lock'), installMissing, signal);
}

async function installMissing(): Promise<void> {
  const packages = await missingPackages();
  if (packages.length === 0) return;
  if (!(await isExecutable('/usr/bin/apt-get'))) {
    throw new LabError(
      `starting a lab: ${packages.join(', ')} are missing and there is no apt; the lab runs on Debian and Ubuntu`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => runCommand('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  let installed = await install();
  if (installed.exitCode !== 0) {
    await runCommand('apt-get', ['update'], { env });
    installed = await install();
  }
  if (installed.exitCode !== 0) {
    throw new LabError(`installing ${packages.join(', ')}: ${installed.stderr.trim().split('\n').at(-1)}`);
  }
}

async function missingPackages(): Promise<string[]> {
  const missing = new Set<string>();
  for (const [program, packageName] of neededPrograms) {
    if (!(await isOnPath(program))) missing.add(packageName);
  }
  if (!(await isReadable(archiveKeyring))) missing.add('debian-archive-keyring');
  return [...missing];
}

async function isOnPath(program: string): Promise<boolean> {
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  for (const folder of folders) if (await isExecutable(join(folder, program))) return true;
  return false;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
