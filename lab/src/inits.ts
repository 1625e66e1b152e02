import type { EngineName } from './engines.ts';
import { LabError } from './errors.ts';

/** What runs as the first process of a host: `tini`, which only reaps, or an init system that starts the engine as a service. */
export type InitName = 'tini' | 'systemd' | 'openrc';

export interface InitEdition {
  readonly packages: readonly string[];
  /** The program, and what the kernel calls it once it runs. */
  readonly program: readonly string[];
  readonly processName: string;
}

export const initEditions: Readonly<Record<InitName, InitEdition>> = {
  tini: { packages: [], program: ['tini', '--', 'sleep', 'infinity'], processName: 'tini' },
  systemd: {
    packages: ['dbus', 'systemd', 'systemd-sysv'],
    program: ['/lib/systemd/systemd', '--system'],
    processName: 'systemd',
  },
  openrc: { packages: ['openrc'], program: ['/sbin/openrc-init'], processName: 'openrc-init' },
};

/** The engine whose root file systems have init systems: a newer systemd refuses control groups of version 1. */
export const initEngine: EngineName = '20.10';

/** The init systems that root file systems are made with for an engine. */
export function initsOf(engine: EngineName): readonly InitName[] {
  return engine === initEngine ? ['tini', 'systemd', 'openrc'] : ['tini'];
}

/** Throws `LabError` where no root file system has both. */
export function checkInit(init: InitName, engine: EngineName): void {
  if (initsOf(engine).includes(init)) return;
  throw new LabError(`making a host with ${init}: it is there with engine ${initEngine}, not with ${engine}`);
}
