import { statfs } from 'node:fs/promises';
import type { DiskFacts } from '@drover/tunnel';

/** Size and free space of the disks below these folders, each disk once; a folder that is not there is left out. */
export async function readDisks(paths: readonly string[]): Promise<readonly DiskFacts[]> {
  const disks: DiskFacts[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const found = await statfs(path).catch(() => undefined);
    if (found === undefined) continue;
    const totalBytes = found.blocks * found.bsize;
    const same = `${found.type} ${totalBytes} ${found.bfree}`;
    if (seen.has(same)) continue;
    seen.add(same);
    disks.push({ path, totalBytes, freeBytes: found.bavail * found.bsize });
  }
  return disks;
}
