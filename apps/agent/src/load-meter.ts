import { cpus, freemem, totalmem } from 'node:os';
import type { HostLoad } from '@drover/tunnel';
import { readDisks } from './disks.ts';

interface Sample {
  readonly busy: number;
  readonly all: number;
}

/** Measures how busy the machine is, each time since the time before. */
export class LoadMeter {
  #last = sample();

  async measure(diskPaths: readonly string[]): Promise<HostLoad> {
    const now = sample();
    const all = now.all - this.#last.all;
    const cpu = all <= 0 ? 0 : Math.min(1, Math.max(0, (now.busy - this.#last.busy) / all));
    this.#last = now;
    const memoryBytes = totalmem();
    // What the kernel could free at once counts as free.
    return { cpu, memoryUsedBytes: memoryBytes - freemem(), memoryBytes, disks: await readDisks(diskPaths) };
  }
}

function sample(): Sample {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq;
    busy += used;
    all += used + times.idle;
  }
  return { busy, all };
}
