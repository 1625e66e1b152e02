import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './errors.ts';

/** One mounted hierarchy of control groups: of version 1 with its mount options, or the unified one of version 2. */
export interface CgroupHierarchy {
  readonly mountPoint: string;
  readonly options: string;
  readonly unified: boolean;
}

/** Reads the hierarchies out of /proc/self/mountinfo: those of version 1 where controllers are in one, else the unified one. */
export function parseCgroupHierarchies(mountInfo: string): CgroupHierarchy[] {
  const all = mountInfo.split('\n').flatMap((line): CgroupHierarchy[] => {
    const [before, after] = line.split(' - ');
    const [, , , , mountPoint] = before?.split(' ') ?? [];
    const [type, , superOptions] = after?.split(' ') ?? [];
    if (!mountPoint || (type !== 'cgroup' && type !== 'cgroup2')) return [];
    const options = (superOptions ?? '')
      .split(',')
      .filter(
        (option) => !['rw', 'ro', 'xattr', 'clone_children'].includes(option) && !option.startsWith('release_agent='),
      );
    return [{ mountPoint, options: options.join(','), unified: type === 'cgroup2' }];
  });
  const separate = all.filter((hierarchy) => !hierarchy.unified);
  return separate.some((hierarchy) => hierarchy.options.includes('memory'))
    ? separate
    : all.filter((hierarchy) => hierarchy.unified);
}

export async function cgroupHierarchies(): Promise<CgroupHierarchy[]> {
  const found = parseCgroupHierarchies(await readFile('/proc/self/mountinfo', 'utf8'));
  if (found.length === 0) throw new LabError('starting a lab: no control groups are mounted on this machine');
  return found;
}

/** The control group of one member of a lab: where its processes are put, and how its host mounts the hierarchies. */
export interface LabCgroup {
  /** `cgroup.procs` files that the first process is written to. */
  readonly bootFiles: readonly string[];
  /** `cgroup.procs` files for every later process. */
  readonly joinFiles: readonly string[];
  /** The CGROUPS argument of boot.sh. */
  readonly mounts: string;
  /** Where the process that waits for the host has to go before the host may share out controllers, if anywhere. */
  readonly keeperFile: string | undefined;
}

/** The control group of a member of a lab, whether or not it has been made. */
export async function cgroupOf(labIndex: number, member: string): Promise<LabCgroup> {
  const hierarchies = await cgroupHierarchies();
  const groups = hierarchies.map(({ mountPoint }) => join(mountPoint, groupName(labIndex), member));
  const unified = hierarchies[0]?.unified === true;
  return {
    bootFiles: groups.map((group) => join(group, 'cgroup.procs')),
    joinFiles: groups.map((group) => join(group, unified ? 'init' : '', 'cgroup.procs')),
    mounts: unified
      ? 'unified'
      : hierarchies.map(({ mountPoint, options }) => `${basename(mountPoint)}=${options}`).join(' '),
    keeperFile: unified ? join(hierarchies[0]!.mountPoint, groupName(labIndex), 'keepers', 'cgroup.procs') : undefined,
  };
}

/** Makes the control group of a member of a lab in every hierarchy. */
export async function makeCgroup(labIndex: number, member: string): Promise<LabCgroup> {
  for (const hierarchy of await cgroupHierarchies()) {
    const top = join(hierarchy.mountPoint, groupName(labIndex));
    const group = join(top, member);
    await mkdir(group, { recursive: true });
    if (hierarchy.options.split(',').includes('cpuset')) await inheritCpus([hierarchy.mountPoint, top, group]);
    if (hierarchy.unified) {
      await mkdir(join(group, 'init'), { recursive: true });
      await mkdir(join(top, 'keepers'), { recursive: true });
      for (const parent of [hierarchy.mountPoint, top]) await shareControllers(parent);
    }
  }
  return await cgroupOf(labIndex, member);
}

/** Kills every process of a lab, or of one member, and waits until none is left. */
export async function killCgroup(labIndex: number, member = ''): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const pids = await processesOf(labIndex, member);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended in between.
      }
    }
    if (Date.now() > deadline)
      throw new LabError(`ending the processes of lab ${labIndex}: ${pids.join(', ')} do not end`);
    await sleep(20);
  }
}

/** The processes of a lab, or of one member, in any hierarchy. */
export async function processesOf(labIndex: number, member = ''): Promise<number[]> {
  const pids = new Set<number>();
  for (const { mountPoint } of await cgroupHierarchies()) {
    for (const group of await groupsBelow(join(mountPoint, groupName(labIndex), member))) {
      const text = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '');
      for (const line of text.split('\n')) if (Number(line) > 0) pids.add(Number(line));
    }
  }
  return [...pids];
}

/** Takes the control groups of a lab away; their processes have ended. */
export async function removeCgroups(labIndex: number): Promise<void> {
  for (const { mountPoint } of await cgroupHierarchies()) {
    const groups = await groupsBelow(join(mountPoint, groupName(labIndex)));
    for (const group of groups.reverse()) {
      // The kernel lets go of a group a moment after its last process.
      for (let attempt = 0; attempt < 50; attempt += 1) {
        const failed = await rmdir(group).then(
          () => undefined,
          (error: NodeJS.ErrnoException) => error.code,
        );
        if (failed === undefined || failed === 'ENOENT') break;
        await sleep(20);
      }
    }
  }
}

/** The indexes of labs that have control groups. */
export async function labsWithCgroups(): Promise<number[]> {
  const names = (await cgroupHierarchies()).map(({ mountPoint }) => readdir(mountPoint).catch(() => []));
  return (await Promise.all(names)).flat().flatMap((name) => {
    const index = /^drover-lab-(\d+)$/.exec(name)?.[1];
    return index === undefined ? [] : [Number(index)];
  });
}

function groupName(labIndex: number): string {
  return `drover-lab-${labIndex}`;
}

/** A group and all below it, parents first. */
async function groupsBelow(group: string): Promise<string[]> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => groupsBelow(join(group, entry.name))),
  );
  return [group, ...below.flat()];
}

/** In version 1 a new group has no processors until it is told, and takes no process before. */
async function inheritCpus(chain: readonly string[]): Promise<void> {
  for (const [place, group] of chain.entries()) {
    if (place === 0) continue;
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      await writeFile(join(group, file), await readFile(join(chain[place - 1]!, file)));
    }
  }
}

async function shareControllers(group: string): Promise<void> {
  const controllers = (await readFile(join(group, 'cgroup.controllers'), 'utf8')).trim().split(' ').filter(Boolean);
  for (const controller of controllers) {
    // One that the machine does not share out is one that the host does without.
    await writeFile(join(group, 'cgroup.subtree_control'), `+${controller}`).catch(() => {});
  }
}
