import { readFile } from 'node:fs/promises';

/** Megabytes of memory that a process has in use. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`reading the memory of process ${pid}: it is not in its status`);
  return Number(kilobytes) / 1000;
}
