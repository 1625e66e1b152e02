import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type EngineName, editionOf, newestEngine } from './engines.ts';
import { LabError } from './errors.ts';
import { layBridge } from './fabric.ts';
import { labWorkFolder } from './folders.ts';
import { startGateway } from './gateway/start.ts';
import { LabHost } from './host/host.ts';
import { type ImageName, imageNames } from './image/catalog.ts';
import { prepareImages } from './image/prepare.ts';
import { checkInit, type InitName } from './inits.ts';
import { Lab } from './lab.ts';
import { planGateway, planHosts, planRegistries, sharedFolderOf } from './lab-plan.ts';
import { type LabRecord, listLabRecords, recordedIndexes, writeLabRecord } from './lab-record.ts';
import { readyMachine } from './machine.ts';
import { prepareOracle } from './oracle.ts';
import { bootId, identityOf } from './owner.ts';
import { type RegistryCredentials, startRegistry } from './registry.ts';
import { prepareRootFileSystem } from './root-file-system.ts';
import { freeLabIndex, subnetOf } from './subnet.ts';
import { removeLab, sweepAbandonedLabs, withLabsLocked } from './sweep.ts';
import { startWarden } from './warden.ts';

export interface LabHostRequest {
  /** The newest engine where it is left out. */
  readonly engine?: EngineName;
  /** What runs as its first process: `tini` where it is left out, with which the lab starts the engine itself. */
  readonly init?: InitName;
  /** `n1`, `n2`, … where it is left out. */
  readonly name?: string;
  /** Gives the engine's images, containers and volumes a disk of this size of their own, so that it can run full. */
  readonly diskMegabytes?: number;
}

export interface LabRequest {
  readonly hosts: readonly LabHostRequest[];
  /** The images that the lab's mirror has; all of them where it is left out. */
  readonly images?: readonly ImageName[];
  /** Asks for a second registry with the same images that lets in only who knows these. */
  readonly privateRegistry?: RegistryCredentials;
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/** Makes a lab that ends with this process at the latest, and resolves once every engine answers. */
export async function createLab(request: LabRequest): Promise<Lab> {
  return await makeLab(request, true);
}

/** Makes a lab that stays until it is taken down or the machine is started anew. */
export async function createLastingLab(request: LabRequest): Promise<Lab> {
  return await makeLab(request, false);
}

async function makeLab(request: LabRequest, endsWithThisProcess: boolean): Promise<Lab> {
  const { signal } = request;
  await readyMachine(signal);
  const roots = request.hosts.map(({ engine = newestEngine, init = 'tini' }) => ({ engine, init }));
  for (const { engine, init } of roots) checkInit(init, engine);
  const oracle = await prepareOracle(signal);
  const [storages] = await Promise.all([
    prepareImages(request.images ?? imageNames, signal),
    ...roots.map(({ engine, init }) => prepareRootFileSystem(editionOf(engine), init, signal)),
  ]);
  const claimed = await claim(request);
  const record = endsWithThisProcess ? claimed : { ...claimed, owner: null };
  const warden = endsWithThisProcess ? startWarden() : undefined;
  try {
    await mkdir(sharedFolderOf(record.index), { recursive: true });
    await layBridge(subnetOf(record.index));
    const hosts = (await planHosts(record)).map((plan) => new LabHost(plan));
    await allOrFirstError([
      ...planRegistries(record, oracle.registryPath, storages).map(startRegistry),
      startGateway(record.index, await planGateway(record), join(labWorkFolder(record.index), 'gateway')),
      ...hosts.map((host) => host.start(signal)),
    ]);
    // Until here it goes with this process, so that an attempt that is cut short leaves nothing behind.
    if (!endsWithThisProcess) await writeLabRecord(record);
    return new Lab(record, hosts, oracle, warden);
  } catch (error) {
    await removeLab(record.index);
    warden?.dismiss();
    throw error;
  }
}

/** Sweeps up after dead labs and takes the lowest free index, in one step for all processes of the machine. */
async function claim(request: LabRequest): Promise<LabRecord> {
  return await withLabsLocked(async () => {
    await sweepAbandonedLabs();
    const index = freeLabIndex(new Set(await recordedIndexes()));
    const name = request.name ?? `lab${index}`;
    if ((await listLabRecords()).some((other) => other.name === name)) {
      throw new LabError(`making lab ${name}: there is one of that name already`);
    }
    const hosts = request.hosts.map((host, place) => ({
      name: host.name ?? `n${place + 1}`,
      engine: host.engine ?? newestEngine,
      init: host.init ?? 'tini',
      diskMegabytes: host.diskMegabytes ?? null,
    }));
    const owner = identityOf(process.pid) ?? null;
    const privateRegistry = request.privateRegistry ?? null;
    const record: LabRecord = { index, name, owner, bootId: bootId(), hosts, privateRegistry };
    await writeLabRecord(record);
    return record;
  }, request.signal);
}

/** Waits for all, so that nothing is still being made when the first error is acted upon. */
async function allOrFirstError(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason;
  }
}
