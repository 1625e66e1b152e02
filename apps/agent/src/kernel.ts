import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import type { KernelAbilities } from '@drover/tunnel';

/** Milliseconds that `criu check` may take. */
const criuMs = 5000;

/**
 * What the kernel can do, by looking at it:
 * - `ipvs`: `/proc/net/ip_vs` is there, or the module `ip_vs` can be had;
 * - `wireguard`, `esp`: the modules `wireguard` and `esp4` can be had;
 * - `criu`: the program says so itself (`criu check`);
 * - `cgroupVersion`: 2 where `/sys/fs/cgroup` is the unified hierarchy.
 * A module can be had where it is loaded (`/sys/module`), built in (`modules.builtin`) or installed (`modules.dep`). `root` is
 * another root folder, for tests.
 */
export async function findAbilities(root = '/'): Promise<KernelAbilities> {
  const modules = await installedModules(root);
  const has = async (module: string) => modules.has(module) || (await exists(join(root, 'sys/module', module)));
  const [ipvs, wireguard, esp, criu, unified] = await Promise.all([
    has('ip_vs').then((found) => found || exists(join(root, 'proc/net/ip_vs'))),
    has('wireguard'),
    has('esp4'),
    criuWorks(),
    exists(join(root, 'sys/fs/cgroup/cgroup.controllers')),
  ]);
  return { ipvs, wireguard, esp, criu, cgroupVersion: unified ? 2 : 1 };
}

/** The names of all modules that this kernel has built in or could load. */
async function installedModules(root: string): Promise<ReadonlySet<string>> {
  const folder = join(root, 'lib/modules', release());
  const lists = await Promise.all(
    ['modules.builtin', 'modules.dep'].map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  );
  const names = lists.join('\n').matchAll(/([^/\s:]+)\.ko(?:\.(?:gz|xz|zst))?(?=:|$)/gm);
  return new Set([...names].map(([, name]) => (name ?? '').replaceAll('-', '_')));
}

function criuWorks(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('criu', ['check'], { timeout: criuMs }, (error) => resolve(error === null));
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
