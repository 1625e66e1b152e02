import type { StringMap, Wire } from './wire.ts';

export type PortBinding = Wire<{
  HostIp: string;
  /** Decimal; empty takes a free port, `8000-9000` a free one of the range. */
  HostPort: string;
}>;

/** A container's place on one network: what is asked for at creation, and what it got in `inspect`. */
export type EndpointSettings = Wire<{
  IPAMConfig: Wire<{ IPv4Address: string; IPv6Address: string; LinkLocalIPs: readonly string[] }>;
  Links: readonly string[];
  /** Asked for from API 1.44 on. */
  MacAddress: string;
  /** Names on this network; before API 1.45 `inspect` adds the short id to them. */
  Aliases: readonly string[];
  DriverOpts: StringMap;
  /** API 1.48: the network with the highest gives the default gateway. */
  GwPriority: number;
  NetworkID: string;
  EndpointID: string;
  Gateway: string;
  IPAddress: string;
  IPPrefixLen: number;
  IPv6Gateway: string;
  GlobalIPv6Address: string;
  GlobalIPv6PrefixLen: number;
  /** API 1.44: all names it answers to. */
  DNSNames: readonly string[];
}>;

export type IpamPool = Wire<{
  Subnet: string;
  IPRange: string;
  Gateway: string;
  AuxiliaryAddresses: StringMap;
}>;

export type Ipam = Wire<{ Driver: string; Config: readonly IpamPool[]; Options: StringMap }>;

export type NetworkCreateBody = { readonly Name: string } & Wire<{
  Driver: string;
  Scope: 'local' | 'swarm' | 'global';
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  ConfigOnly: boolean;
  ConfigFrom: { readonly Network: string };
  IPAM: Ipam;
  /** API 1.48. */
  EnableIPv4: boolean;
  EnableIPv6: boolean;
  Options: StringMap;
  Labels: StringMap;
}>;

/** One line of `GET /networks`. */
export interface NetworkSummary {
  readonly Name: string;
  readonly Id: string;
  readonly Created: string;
  readonly Scope: 'local' | 'swarm' | 'global';
  readonly Driver: string;
  /** API 1.48. */
  readonly EnableIPv4?: boolean;
  readonly EnableIPv6: boolean;
  readonly IPAM: Ipam;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly ConfigFrom?: { readonly Network: string };
  readonly ConfigOnly: boolean;
  readonly Options: StringMap | null;
  readonly Labels: StringMap | null;
}

export interface NetworkMember {
  readonly Name: string;
  readonly EndpointID: string;
  readonly MacAddress: string;
  /** With its prefix length, or empty. */
  readonly IPv4Address: string;
  readonly IPv6Address: string;
}

/** `GET /networks/{id}`; only running containers are members. */
export interface NetworkInspect extends NetworkSummary {
  /** By container id. */
  readonly Containers: { readonly [containerId: string]: NetworkMember } | null;
}
