import { join } from 'node:path';
import { editionOf } from './engines.ts';
import { labStateFolder, labWorkFolder } from './folders.ts';
import { packageRegistries } from './gateway/allow-list.ts';
import type { GatewayPlan } from './gateway/main.ts';
import { proxyPort } from './gateway/start.ts';
import type { HostPlan } from './host/host.ts';
import { newcomerSetup } from './host/newcomer.ts';
import type { HostRecord, LabRecord } from './lab-record.ts';
import type { RegistryPlan } from './registry.ts';
import { prepareRootFileSystem } from './root-file-system.ts';
import { hostLinkOf, subnetOf } from './subnet.ts';

const mirrorPort = 5000;
const privatePort = 5001;

/** A folder that the machine and every host of a lab see under the same path. */
export function sharedFolderOf(labIndex: number): string {
  return join(labWorkFolder(labIndex), 'shared');
}

/** HOST:PORT of a lab's mirror of the public registry. */
export function mirrorAddressOf(labIndex: number): string {
  return `${subnetOf(labIndex).bridgeAddress}:${mirrorPort}`;
}

/** HOST:PORT of a lab's registry that wants credentials. */
export function privateRegistryAddressOf(labIndex: number): string {
  return `${subnetOf(labIndex).bridgeAddress}:${privatePort}`;
}

/** What each host of a lab is booted from; the same for the process that makes the lab and for a later one. */
export async function planHosts(record: LabRecord): Promise<HostPlan[]> {
  const subnet = subnetOf(record.index);
  const links = record.hosts.map((_, place) => hostLinkOf(record.index, place));
  const names = record.hosts.map((host, place) => `${links[place]!.address} ${host.name}\n`).join('');
  const newcomer = record.hosts.some(isBare) ? await newcomerSetup(subnet) : undefined;
  return await Promise.all(
    record.hosts.map(async (host, place) => ({
      labIndex: record.index,
      name: host.name,
      engine: host.engine,
      init: host.init,
      diskMegabytes: host.diskMegabytes,
      rootFolder: await prepareRootFileSystem(editionOf(host.engine), host.init),
      workFolder: join(labWorkFolder(record.index), 'hosts', host.name),
      socketFolder: join(labStateFolder(record.index), host.name),
      sharedFolder: sharedFolderOf(record.index),
      subnet,
      link: links[place]!,
      mirrorAddress: mirrorAddressOf(record.index),
      environment: (isBare(host) && newcomer?.environment) || {},
      files: new Map([
        ...((isBare(host) && newcomer?.files) || []),
        ['/etc/hostname', `${host.name}\n`],
        ['/etc/resolv.conf', `nameserver ${subnet.bridgeAddress}\n`],
        ['/etc/hosts', `127.0.0.1 localhost\n::1 localhost\n${names}${subnet.bridgeAddress} registry\n`],
      ]),
    })),
  );
}

/** The name server of a lab, and its proxy where a host needs one. */
export async function planGateway(record: LabRecord): Promise<GatewayPlan> {
  const { bridgeAddress } = subnetOf(record.index);
  const names = record.hosts.map((host, place): [string, string] => [
    host.name,
    hostLinkOf(record.index, place).address,
  ]);
  return {
    address: bridgeAddress,
    names: Object.fromEntries([...names, ['registry', bridgeAddress]]),
    proxy: record.hosts.some(isBare) ? { port: proxyPort, allowed: [...(await packageRegistries())] } : null,
  };
}

/** The mirror of a lab, and its registry with credentials where one was asked for; both have the lab's images. */
export function planRegistries(
  record: LabRecord,
  programPath: string,
  storages: readonly string[],
): readonly RegistryPlan[] {
  const plan = { labIndex: record.index, programPath, storages };
  const work = labWorkFolder(record.index);
  const mirror = { ...plan, listenAddress: mirrorAddressOf(record.index), folder: join(work, 'mirror') };
  if (record.privateRegistry === null) return [mirror];
  return [
    mirror,
    {
      ...plan,
      listenAddress: privateRegistryAddressOf(record.index),
      folder: join(work, 'private-registry'),
      credentials: record.privateRegistry,
    },
  ];
}

function isBare(host: HostRecord): boolean {
  return host.engine === 'none';
}
