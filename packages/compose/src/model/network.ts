import type { Extensible, Named } from './extension.ts';

/** A network of the project. */
export interface Network extends Extensible {
  /** The name in the engine, `<project>_<key>` unless set. */
  readonly name?: string;
  readonly driver?: string;
  readonly driver_opts?: Named<string>;
  readonly ipam: Ipam;
  readonly external?: true;
  readonly internal?: true;
  readonly attachable?: true;
  readonly labels?: Named<string>;
  readonly enable_ipv4?: boolean;
  readonly enable_ipv6?: boolean;
}

export interface Ipam extends Extensible {
  readonly driver?: string;
  readonly config?: readonly IpamPool[];
}

export interface IpamPool extends Extensible {
  readonly subnet?: string;
  readonly gateway?: string;
  readonly ip_range?: string;
  readonly aux_addresses?: Named<string>;
}
