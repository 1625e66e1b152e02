import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { killCgroup, labsWithCgroups, removeCgroups } from './cgroups.ts';
import { labLinks, removeFabric } from './fabric.ts';
import { withFileLock } from './file-lock.ts';
import { labWorkFolder, stateFolder, workFolder } from './folders.ts';
import { isAbandoned, readLabRecord, recordedIndexes, removeLabRecord } from './lab-record.ts';
import { subnetOf } from './subnet.ts';

/** Runs `work` while no other process makes or sweeps up labs. */
export function withLabsLocked<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return withFileLock(join(stateFolder, 'lock'), work, signal);
}

/**
 * Takes away everything that a lab with this index may have left on the machine, in any state of completion. Mounts need
 * no care: they are all made inside the hosts' own namespaces and end with their processes.
 */
export async function removeLab(index: number): Promise<void> {
  await killCgroup(index);
  await removeFabric(subnetOf(index));
  await removeCgroups(index);
  await rm(labWorkFolder(index), { recursive: true, force: true, maxRetries: 5 });
  // Last, since a lab without a record is taken for one that is gone.
  await removeLabRecord(index);
}

/** Removes the labs whose owner has ended, and what lies about without a record; the caller holds the lock. */
export async function sweepAbandonedLabs(): Promise<number[]> {
  const indexes = new Set([
    ...(await recordedIndexes()),
    ...(await labsWithCgroups()),
    ...(await labsWithLinks()),
    ...(await labsWithWork()),
  ]);
  const swept: number[] = [];
  for (const index of indexes) {
    const record = await readLabRecord(index);
    if (record !== undefined && !isAbandoned(record)) continue;
    await removeLab(index);
    swept.push(index);
  }
  return swept;
}

async function labsWithLinks(): Promise<number[]> {
  return (await labLinks()).map((link) => Number(/^dlab(\d+)/.exec(link)![1]));
}

async function labsWithWork(): Promise<number[]> {
  const names = await readdir(workFolder).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}
