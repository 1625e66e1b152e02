import { LabError } from './errors.ts';
import { LabHost } from './host/host.ts';
import { mirrorAddressOf, planHosts, privateRegistryAddressOf, sharedFolderOf } from './lab-plan.ts';
import { type LabRecord, listLabRecords } from './lab-record.ts';
import { type OraclePrograms, prepareOracle } from './oracle.ts';
import { removeLab } from './sweep.ts';
import type { Warden } from './warden.ts';

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

  /** HOST:PORT of the lab's mirror; what is pushed to it as `library/NAME` can be pulled in the lab as `NAME`. */
  get registryAddress(): string {
    return mirrorAddressOf(this.record.index);
  }

  /** HOST:PORT of the registry that wants credentials, with the same images as `HOST:PORT/library/NAME`. */
  get privateRegistryAddress(): string {
    if (this.record.privateRegistry === null) {
      throw new LabError(`using the private registry of lab ${this.name}: it was made without one`);
    }
    return privateRegistryAddressOf(this.record.index);
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

/** The labs that there are, lasting or not. */
export async function openLabs(): Promise<Lab[]> {
  const labs: Lab[] = [];
  for (const record of await listLabRecords()) labs.push(await openLab(record));
  return labs;
}

/** A lab made by another process. */
export async function openLab(record: LabRecord): Promise<Lab> {
  const hosts = (await planHosts(record)).map((plan) => new LabHost(plan));
  return new Lab(record, hosts, await prepareOracle());
}
