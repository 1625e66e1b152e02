import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findAbilities } from '../src/kernel.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'drover-kernel-'));
});

afterEach(() => rm(root, { recursive: true }));

async function put(path: string, text = ''): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

it('finds nothing where there is nothing', async () => {
  expect(await findAbilities(root)).toMatchObject({ ipvs: false, wireguard: false, esp: false, cgroupVersion: 1 });
});

it('finds what is loaded, built in and installed', async () => {
  await put('sys/module/wireguard/refcnt');
  await put(`lib/modules/${release()}/modules.builtin`, 'kernel/net/ipv4/esp4.ko\n');
  await put(
    `lib/modules/${release()}/modules.dep`,
    'kernel/net/netfilter/ipvs/ip_vs.ko.xz: kernel/lib/libcrc32c.ko.xz\nkernel/drivers/net/notwireguard.ko:\n',
  );
  await put('sys/fs/cgroup/cgroup.controllers');
  expect(await findAbilities(root)).toMatchObject({ ipvs: true, wireguard: true, esp: true, cgroupVersion: 2 });
});

it('does not take a module for there because another one needs it or is named alike', async () => {
  await put(
    `lib/modules/${release()}/modules.dep`,
    'kernel/a/ip_vs_rr.ko: kernel/a/nf_conntrack.ko\nkernel/b/notwireguard.ko:\n',
  );
  expect(await findAbilities(root)).toMatchObject({ ipvs: false, wireguard: false });
});

it('knows IPVS by its table too', async () => {
  await put('proc/net/ip_vs');
  expect((await findAbilities(root)).ipvs).toBe(true);
});
