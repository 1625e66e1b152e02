import { join } from 'node:path';

/** Where root file systems, images and programs are kept between labs; `DROVER_LAB_CACHE` moves it. */
export function cacheFolder(): string {
  return process.env.DROVER_LAB_CACHE || '/var/cache/drover-lab';
}

/** What is true until the next reboot: which labs there are, their sockets, the lock. Short, since socket paths are limited to 107 bytes. */
export const stateFolder = '/run/drover-lab';

/** What hosts write to disk. */
export const workFolder = '/var/lib/drover-lab';

export function labStateFolder(labIndex: number): string {
  return join(stateFolder, String(labIndex));
}

export function labWorkFolder(labIndex: number): string {
  return join(workFolder, String(labIndex));
}
