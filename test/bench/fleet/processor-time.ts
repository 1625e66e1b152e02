import { readFile } from 'node:fs/promises';

/** Clock ticks a second; 100 on every Linux that Drover runs on. */
const ticksPerSecond = 100;

/** Seconds of processor time that a process has spent. */
export async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
