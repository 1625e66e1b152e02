import type { StringMap, Wire } from './wire.ts';

export type IpamPool = Wire<{
  Subnet: string;
  IPRange: string;
  Gateway: string;
  AuxiliaryAddresses: StringMap;
}>;

export type Ipam = Wire<{ Driver: string; Config: readonly IpamPool[]; Options: StringMap }>;

/** The body of a network's creation, in the Engine API's spelling. */
export type NetworkBody = { readonly Name: string } & Wire<{
  Driver: string;
  Internal: boolean;
  Attachable: boolean;
  IPAM: Ipam;
  EnableIPv4: boolean;
  EnableIPv6: boolean;
  Options: StringMap;
  Labels: StringMap;
}>;

/** The body of a volume's creation, in the Engine API's spelling. */
export type VolumeBody = { readonly Name: string } & Wire<{
  Driver: string;
  DriverOpts: StringMap;
  Labels: StringMap;
}>;
