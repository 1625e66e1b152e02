import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type EngineName, editionOf, newestEngine } from './engines.ts';
import { LabError } from './errors.ts';
import { layBridge } from './fabric.ts';
import { labStateFolder, labWorkFolder } from './folders.ts';
import { packageRegistries } from './gateway/allow-list.ts';
import type { GatewayPlan } from './gateway/main.ts';
import { proxyPort, startGateway } from './gateway/start.ts';
import { type HostPlan, LabHost } from './host/host.ts';
import { newcomerSetup } from './host/newcomer.ts';
import { type ImageName, imageNames } from './image/catalog.ts';
import { prepareImages } from './image/prepare.ts';
import { type LabRecord, listLabRecords, recordedIndexes, writeLabRecord } from './lab-record.ts';
import { readyMachine } from './machine.ts';
import { type OraclePrograms, prepareOracle } from './oracle.ts';
import { bootId, identityOf } from './owner.ts';
import { startRegistry } from './registry.ts';
import { prepareRootFileSystem } from './root-file-system.ts';
import { freeLabIndex, hostLinkOf, subnetOf } from './subnet.ts';
import { removeLab, sweepAbandonedLabs, withLabsLocked } from './sweep.ts';
import { startWarden, type Warden } from './warden.ts';

export interface LabHostRequest {
  /** The newest engine where it is left out. */
  readonly engine?: EngineName;
  /** `n1`, `n2`, … where it is left out. */
  readonly name?: string;
}

export interface LabRequest {
  readonly hosts: readonly LabHostRequest[];
  /** The images that the lab's mirror has; all of them where it is left out. */
  readonly images?: readonly ImageName[];
  readonly name?: string;
  readonly signal?: AbortSignal;
}

const registryPort = 5000;

/** Several Docker hosts on one network, with a mirror that has the images; everything of it goes with `down`. */
export class Lab {
  readonly record: LabRecord;
  readonly hosts: readonly LabHost[];
  /** Programs that run on this machine and can be pointed at any host with `DOCKER_HOST`. */
  readonly oracle: OraclePrograms;
  readonly #warden: Warden | undefined;

  constructor(record: LabRecord, hosts: readonly LabHost[], oracle: OraclePrograms, warden?: Warden) {
    this.record = record;
    this.hosts = hosts;
    this.oracle = oracle;
    this.#warden = warden;
  }

  get name(): string {
    return this.record.name;
  }

  /** A folder that this machine and every host of the lab see under the same path. */
  get sharedDir(): string {
    return sharedFolderOf(this.record.index);
  }

  /** HOST:PORT of the lab's registry; what is pushed to it as `library/NAME` can be pulled in the lab as `NAME`. */
  get registryAddress(): string {
    return registryAddressOf(this.record.index);
  }

  /** The host of that name. */
  host(name: string): LabHost {
    const found = this.hosts.find((host) => host.name === name);
    if (found) return found;
    const names = this.hosts.map((host) => host.name).join(', ');
    throw new LabError(`choosing a host of lab ${this.name}: there is no ${name}; there are ${names}`);
  }

  /** Ends the lab and removes everything of it, however much of it is left. */
  async down(): Promise<void> {
    await removeLab(this.record.index);
    this.#warden?.dismiss();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }
}

/** Makes a lab that ends with this process at the latest, and resolves once every engine answers. */
export async function createLab(request: LabRequest): Promise<Lab> {
  return await makeLab(request, true);
}

/** Makes a lab that stays until it is taken down or the machine is started anew. */
export async function createLastingLab(request: LabRequest): Promise<Lab> {
  return await makeLab(request, false);
}

/** The labs that there are, lasting or not. */
export async function openLabs(): Promise<Lab[]> {
  const labs: Lab[] = [];
  for (const record of await listLabRecords()) labs.push(await openLab(record));
  return labs;
}

/** A lab made by another process. */
export async function openLab(record: LabRecord): Promise<Lab> {
  const plans = await planHosts(record);
  return new Lab(
    record,
    plans.map((plan) => new LabHost(plan)),
    await prepareOracle(),
  );
}

async function makeLab(request: LabRequest, endsWithThisProcess: boolean): Promise<Lab> {
  const { signal } = request;
  await readyMachine(signal);
  const images = request.images ?? imageNames;
  const engines = [...new Set(request.hosts.map((host) => host.engine ?? newestEngine))];
  const oracle = await prepareOracle(signal);
  const [storages] = await Promise.all([
    prepareImages(images, signal),
    ...engines.map((engine) => prepareRootFileSystem(editionOf(engine), signal)),
  ]);
  const claimed = await claim(request, images);
  const record = endsWithThisProcess ? claimed : { ...claimed, owner: null };
  const warden = endsWithThisProcess ? startWarden() : undefined;
  try {
    const subnet = subnetOf(record.index);
    await mkdir(sharedFolderOf(record.index), { recursive: true });
    await layBridge(subnet);
    const registry = startRegistry({
      labIndex: record.index,
      programPath: oracle.registryPath,
      address: subnet.bridgeAddress,
      port: registryPort,
      storages,
      folder: join(labWorkFolder(record.index), 'registry'),
    });
    const gateway = startGateway(record.index, await planGateway(record), join(labWorkFolder(record.index), 'gateway'));
    await Promise.all([registry, gateway]);
    const hosts = (await planHosts(record)).map((plan) => new LabHost(plan));
    await Promise.all(hosts.map((host) => host.start(signal)));
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
async function claim(request: LabRequest, images: readonly string[]): Promise<LabRecord> {
  return await withLabsLocked(async () => {
    await sweepAbandonedLabs();
    const index = freeLabIndex(new Set(await recordedIndexes()));
    const name = request.name ?? `lab${index}`;
    if ((await listLabRecords()).some((other) => other.name === name)) {
      throw new LabError(`making lab ${name}: there is one of that name already`);
    }
    const owner = identityOf(process.pid) ?? null;
    const hosts = request.hosts.map((host, place) => ({
      name: host.name ?? `n${place + 1}`,
      engine: host.engine ?? newestEngine,
    }));
    const record: LabRecord = { index, name, owner, bootId: bootId(), images, hosts };
    await writeLabRecord(record);
    return record;
  }, request.signal);
}

async function planHosts(record: LabRecord): Promise<HostPlan[]> {
  const subnet = subnetOf(record.index);
  const links = record.hosts.map((_, place) => hostLinkOf(record.index, place));
  const names = record.hosts.map((host, place) => `${links[place]!.address} ${host.name}\n`).join('');
  const newcomer = record.hosts.some((host) => host.engine === 'none') ? await newcomerSetup(subnet) : undefined;
  return await Promise.all(
    record.hosts.map(async (host, place) => ({
      labIndex: record.index,
      name: host.name,
      engine: host.engine,
      rootFolder: await prepareRootFileSystem(editionOf(host.engine)),
      workFolder: join(labWorkFolder(record.index), 'hosts', host.name),
      socketFolder: join(labStateFolder(record.index), host.name),
      sharedFolder: sharedFolderOf(record.index),
      binds: [],
      subnet,
      link: links[place]!,
      registryAddress: registryAddressOf(record.index),
      environment: (host.engine === 'none' && newcomer?.environment) || {},
      files: new Map([
        ['/etc/hostname', `${host.name}\n`],
        ['/etc/resolv.conf', `nameserver ${subnet.bridgeAddress}\n`],
        ...((host.engine === 'none' && newcomer?.files) || []),
        ['/etc/hosts', `127.0.0.1 localhost\n::1 localhost\n${names}${subnet.bridgeAddress} registry\n`],
      ]),
    })),
  );
}

async function planGateway(record: LabRecord): Promise<GatewayPlan> {
  const { bridgeAddress } = subnetOf(record.index);
  const names = record.hosts.map((host, place): [string, string] => [
    host.name,
    hostLinkOf(record.index, place).address,
  ]);
  const needsProxy = record.hosts.some((host) => host.engine === 'none');
  return {
    address: bridgeAddress,
    names: Object.fromEntries([...names, ['registry', bridgeAddress]]),
    proxy: needsProxy ? { port: proxyPort, allowed: [...(await packageRegistries())] } : null,
  };
}

function sharedFolderOf(labIndex: number): string {
  return join(labWorkFolder(labIndex), 'shared');
}

function registryAddressOf(labIndex: number): string {
  return `${subnetOf(labIndex).bridgeAddress}:${registryPort}`;
}
