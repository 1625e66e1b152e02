import { fileURLToPath } from 'node:url';
import { RunningProgram } from './program.ts';
import { pinnedNode } from './repository.ts';

export interface LoadReport {
  /** Answers by status and version (`200 v1`) or by error. */
  readonly answers: Readonly<Record<string, number>>;
  readonly longestGapMs: number;
}

/** Asks an address without a pause from another process while `work` is done, and tells what was answered. */
export async function underLoad(address: string, work: () => Promise<void>): Promise<LoadReport> {
  const load = new RunningProgram(pinnedNode, [fileURLToPath(new URL('load.mjs', import.meta.url)), address, '4']);
  try {
    await load.said(/asking/);
    await work();
  } finally {
    load.signal('SIGTERM');
  }
  const { stdout } = await load.result;
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoadReport;
}
