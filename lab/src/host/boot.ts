import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LabCgroup } from '../cgroups.ts';
import { mustRun } from '../command.ts';
import { LabError } from '../errors.ts';
import { plugIn } from '../fabric.ts';
import { type InitName, initEditions } from '../inits.ts';
import { identityOf, type ProcessIdentity } from '../owner.ts';
import type { HostLink, LabSubnet } from '../subnet.ts';
import { childrenOf } from './process.ts';

/** All that a host is booted from. */
export interface BootPlan {
  readonly name: string;
  readonly init: InitName;
  readonly rootFolder: string;
  readonly workFolder: string;
  readonly socketFolder: string;
  readonly sharedFolder: string;
  /** The size of a disk of its own for what the engine keeps; `null` where that lies on the machine's. */
  readonly diskMegabytes: number | null;
  readonly subnet: LabSubnet;
  readonly link: HostLink;
}

const joinScript = fileURLToPath(new URL('join.sh', import.meta.url));
const bootScript = fileURLToPath(new URL('boot.sh', import.meta.url));

/** Starts a host's namespaces and resolves with their first process, once it is the host's init. It outlives this process. */
export async function boot(plan: BootPlan, cgroup: LabCgroup): Promise<ProcessIdentity> {
  for (const name of ['upper', 'overlay', 'root', 'docker', 'containerd']) {
    await mkdir(join(plan.workFolder, name), { recursive: true });
  }
  if (plan.diskMegabytes !== null) await makeDisk(join(plan.workFolder, 'docker.disk'), plan.diskMegabytes);
  const consolePath = join(plan.workFolder, 'console.log');
  const consoleFile = openSync(consolePath, 'a');
  const keeper = spawn(
    '/bin/sh',
    [
      joinScript,
      cgroup.bootFiles.join(' '),
      ...['/usr/bin/unshare', '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--fork', '--kill-child'],
      ...['/bin/sh', bootScript, plan.rootFolder, plan.workFolder, plan.socketFolder, plan.sharedFolder, plan.name],
      cgroup.mounts,
      ...initEditions[plan.init].program,
    ],
    { detached: true, stdio: ['pipe', consoleFile, consoleFile], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } },
  );
  closeSync(consoleFile);
  keeper.on('error', () => {});
  keeper.stdin?.on('error', () => {});
  const ended = () => keeper.exitCode !== null || keeper.signalCode !== null;
  try {
    const pid = await within(60_000, () => (keeper.pid === undefined ? undefined : bootingChildOf(keeper.pid)), ended);
    const init = pid === undefined ? undefined : identityOf(pid);
    if (keeper.pid === undefined || init === undefined) throw new LabError('its namespaces could not be made');
    if (cgroup.keeperFile !== undefined) await writeFile(cgroup.keeperFile, String(keeper.pid));
    await plugIn(plan.subnet, plan.link, init.pid);
    keeper.stdin?.end('\n');
    const booted = await within(60_000, () => (isInit(init.pid, plan.init) ? true : undefined), ended);
    if (!booted) throw new LabError('its init did not start');
    keeper.unref();
    return init;
  } catch (error) {
    keeper.kill('SIGKILL');
    throw new LabError(`booting ${plan.name}: ${error instanceof Error ? error.message : error}; see ${consolePath}`, {
      cause: error,
    });
  }
}

/** Makes an empty disk where there is none yet; it takes up only what is written to it. */
async function makeDisk(path: string, megabytes: number): Promise<void> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  });
  if (file === undefined) return;
  await file.truncate(megabytes * 1024 * 1024);
  await file.close();
  await mustRun('making the disk of a host', 'mkfs.ext4', ['-q', '-m', '0', path]);
}

function bootingChildOf(keeper: number): number | undefined {
  return childrenOf(keeper)[0];
}

function isInit(pid: number, init: InitName): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === initEditions[init].processName;
  } catch {
    return false;
  }
}

async function within<T>(
  milliseconds: number,
  look: () => T | undefined,
  hopeless: () => boolean,
): Promise<T | undefined> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = look();
    if (found !== undefined || Date.now() > deadline || hopeless()) return found;
    await sleep(5);
  }
}
