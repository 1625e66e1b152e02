import type { Extensible, Named } from './extension.ts';

/** How a service joins a network. */
export interface ServiceNetwork extends Extensible {
  readonly aliases?: readonly string[];
  readonly driver_opts?: Named<string>;
  readonly gw_priority?: number;
  readonly interface_name?: string;
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly link_local_ips?: readonly string[];
  readonly mac_address?: string;
  readonly priority?: number;
}
