import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineName } from './engines.ts';
import { labStateFolder, stateFolder } from './folders.ts';
import type { InitName } from './inits.ts';
import { bootId, isAlive, type ProcessIdentity } from './owner.ts';
import type { RegistryCredentials } from './registry.ts';

export interface HostRecord {
  readonly name: string;
  readonly engine: EngineName;
  readonly init: InitName;
  /** The size of the engine's own disk; `null` where it has the machine's. */
  readonly diskMegabytes: number | null;
}

/** What is written down about a lab, so that another process can use it, end it, or sweep it up. */
export interface LabRecord {
  readonly index: number;
  readonly name: string;
  /** The process that the lab ends with; `null` for one that stays until it is taken down. */
  readonly owner: ProcessIdentity | null;
  readonly bootId: string;
  readonly hosts: readonly HostRecord[];
  readonly privateRegistry: RegistryCredentials | null;
}

export async function writeLabRecord(record: LabRecord): Promise<void> {
  const folder = labStateFolder(record.index);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'lab.json.new'), JSON.stringify(record, null, 2));
  await rename(join(folder, 'lab.json.new'), join(folder, 'lab.json'));
}

/** The record of a lab, or undefined where there is none that can be read. */
export async function readLabRecord(index: number): Promise<LabRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(labStateFolder(index), 'lab.json'), 'utf8')) as LabRecord;
  } catch {
    return undefined;
  }
}

export async function removeLabRecord(index: number): Promise<void> {
  await rm(labStateFolder(index), { recursive: true, force: true });
}

/** The indexes that have a state folder, whether or not their record is whole. */
export async function recordedIndexes(): Promise<number[]> {
  const names = await readdir(stateFolder).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

export async function listLabRecords(): Promise<LabRecord[]> {
  const records = await Promise.all((await recordedIndexes()).sort((a, b) => a - b).map(readLabRecord));
  return records.filter((record) => record !== undefined);
}

/** Whether nobody can use the lab any more: its owner has ended, or the machine has been started anew since. */
export function isAbandoned(record: LabRecord): boolean {
  return record.bootId !== bootId() || (record.owner !== null && !isAlive(record.owner));
}
