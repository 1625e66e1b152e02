import { LabError } from './errors.ts';

/** The address space of all labs of this machine; each lab has one /24 of it. */
export const labAddressSpace = '10.88.0.0/16';

/** How many labs fit side by side. */
export const labLimit = 200;

/** How many hosts fit in one lab. */
export const hostLimit = 100;

/** The names and addresses that follow from a lab's index; interface names stay far below the kernel's 15 bytes. */
export interface LabSubnet {
  readonly bridge: string;
  readonly bridgeAddress: string;
  readonly bridgeHardwareAddress: string;
  readonly cidr: string;
  readonly prefixLength: 24;
}

export function subnetOf(labIndex: number): LabSubnet {
  if (!Number.isInteger(labIndex) || labIndex < 0 || labIndex >= labLimit) {
    throw new LabError(`laying out a lab: its index ${labIndex} is not between 0 and ${labLimit - 1}`);
  }
  return {
    bridge: `dlab${labIndex}`,
    bridgeAddress: `10.88.${labIndex}.254`,
    bridgeHardwareAddress: hardwareAddressOf(labIndex, 254),
    cidr: `10.88.${labIndex}.0/24`,
    prefixLength: 24,
  };
}

/** The address, link name and stable hardware address of the host at a place (0 based) in a lab. */
export interface HostLink {
  readonly address: string;
  readonly link: string;
  readonly hardwareAddress: string;
}

export function hostLinkOf(labIndex: number, hostIndex: number): HostLink {
  const subnet = subnetOf(labIndex);
  if (!Number.isInteger(hostIndex) || hostIndex < 0 || hostIndex >= hostLimit) {
    throw new LabError(`laying out a lab: a lab has at most ${hostLimit} hosts`);
  }
  const number = hostIndex + 1;
  return {
    address: `10.88.${labIndex}.${number}`,
    link: `${subnet.bridge}h${number}`,
    hardwareAddress: hardwareAddressOf(labIndex, number),
  };
}

function hardwareAddressOf(labIndex: number, number: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  return `02:0a:58:${hex(labIndex)}:00:${hex(number)}`;
}

/** The lowest index that no lab has. */
export function freeLabIndex(taken: ReadonlySet<number>): number {
  for (let index = 0; index < labLimit; index += 1) {
    if (!taken.has(index)) return index;
  }
  throw new LabError(`making a lab: all ${labLimit} are in use; end some with "npm run lab -- down"`);
}
