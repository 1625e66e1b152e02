import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMb } from '../../scenarios/stage/resident-memory.ts';

export interface Spread {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

const settleMs = 10_000;
const sampleMs = 10_000;
const samples = 6;
/** Clock ticks a second; 100 on every Linux that Drover runs on. */
const ticksPerSecond = 100;

/** Memory and processor time of a process that has nothing to do, over a minute after ten seconds of settling. */
export async function measureIdle(pid: number): Promise<{ residentMb: Spread; processorPercent: Spread }> {
  await sleep(settleMs);
  const memory: number[] = [];
  const processor: number[] = [];
  const first = await ticks(pid);
  const started = performance.now();
  let [lastTicks, lastAt] = [first, started];
  for (let sample = 0; sample < samples; sample += 1) {
    await sleep(sampleMs);
    const [now, at] = [await ticks(pid), performance.now()];
    processor.push(percent(now - lastTicks, at - lastAt));
    [lastTicks, lastAt] = [now, at];
    memory.push(await residentMb(pid));
  }
  return {
    residentMb: { value: Math.max(...memory), min: Math.min(...memory), max: Math.max(...memory), runs: samples },
    processorPercent: {
      value: percent(lastTicks - first, lastAt - started),
      min: Math.min(...processor),
      max: Math.max(...processor),
      runs: samples,
    },
  };
}

/** Of one core. */
function percent(spentTicks: number, ms: number): number {
  return (spentTicks / ticksPerSecond / (ms / 1000)) * 100;
}

async function ticks(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
