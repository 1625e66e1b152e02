import type { Network } from '@drover/compose';
import { composeLabel, composeVersion, droverLabel, isToolLabel } from '../../model/labels.ts';
import type { NetworkBody, VolumeBody } from '../../model/network-body.ts';
import type { ObservedNetwork, ObservedVolume } from '../../model/observed.ts';
import type { StringMap } from '../../model/wire.ts';
import { map } from '../compare/canonical.ts';
import { mapDifferences } from '../compare/differences.ts';
import { speaks } from '../spec/api-version.ts';

/** The creation of one of the project's networks. */
export function networkBody(
  project: string,
  key: string,
  network: Network,
  hash: string,
  apiVersion: string,
  revision: number,
): NetworkBody {
  const { ipam } = network;
  const pools = ipam?.config ?? [];
  return {
    Name: network.name ?? key,
    Driver: network.driver,
    Internal: network.internal === true,
    Attachable: network.attachable === true,
    ...(ipam?.driver !== undefined || pools.length > 0
      ? {
          IPAM: {
            Driver: ipam?.driver,
            Config: pools.map((pool) => ({
              Subnet: pool.subnet,
              IPRange: pool.ip_range,
              Gateway: pool.gateway,
              AuxiliaryAddresses: pool.aux_addresses,
            })),
          },
        }
      : {}),
    EnableIPv6: network.enable_ipv6,
    ...(network.enable_ipv4 !== undefined && speaks(apiVersion, '1.48') ? { EnableIPv4: network.enable_ipv4 } : {}),
    Options: network.driver_opts,
    Labels: Object.fromEntries([
      ...Object.entries(network.labels ?? {}),
      [composeLabel.network, key],
      [composeLabel.project, project],
      [composeLabel.version, composeVersion],
      [composeLabel.configHash, hash],
      [droverLabel.revision, String(revision)],
    ]),
  };
}

/** What tells a network that stands from the one that is wanted, in words. What nobody asked for is not compared. */
export function networkChanges(want: NetworkBody, have: ObservedNetwork): string[] {
  const words: string[] = [];
  const compare = (field: string, wanted: string | undefined, found: string): void => {
    if (wanted !== undefined && wanted !== found)
      words.push(`${field} changed: ${found || 'none'} → ${wanted || 'none'}`);
  };
  compare('driver', want.Driver || undefined, have.Driver);
  compare('internal', String(want.Internal === true), String(have.Internal));
  // Only on a Swarm does it mean anything; docker compose 1 set it everywhere.
  if (want.Attachable === true || have.Scope === 'swarm') {
    compare('attachable', String(want.Attachable === true), String(have.Attachable));
  }
  if (want.EnableIPv6 !== undefined) compare('IPv6', String(want.EnableIPv6 === true), String(have.EnableIPv6));
  if (want.EnableIPv4 !== undefined && have.EnableIPv4 !== undefined) {
    compare('IPv4', String(want.EnableIPv4 === true), String(have.EnableIPv4));
  }
  compare('address management', want.IPAM?.Driver || undefined, have.IPAM.Driver ?? '');
  if ((want.IPAM?.Config ?? []).length > 0) {
    const pools = (body: Pick<NetworkBody, 'IPAM'>): string =>
      JSON.stringify(
        (body.IPAM?.Config ?? [])
          .map((pool) => [pool.Subnet ?? '', pool.IPRange ?? '', map(pool.AuxiliaryAddresses) ?? []])
          .sort(),
      );
    const gateways = (want.IPAM?.Config ?? []).map((pool) => pool.Gateway).filter((gateway) => gateway);
    const found = new Set((have.IPAM.Config ?? []).map((pool) => pool.Gateway));
    if (pools(want) !== pools(have) || gateways.some((gateway) => !found.has(gateway)))
      words.push('address pools changed');
  }
  words.push(...mapDifferences('option', entries(want.Options), only(entries(have.Options), entries(want.Options))));
  words.push(...mapDifferences('label', entries(want.Labels), entries(have.Labels)));
  return words;
}

/** What tells a volume that stands from the one that is wanted, in words. */
export function volumeChanges(want: VolumeBody, have: ObservedVolume): string[] {
  const words: string[] = [];
  const driver = want.Driver || 'local';
  if (driver !== have.Driver) words.push(`its driver is ${have.Driver}, not ${driver}`);
  const changed = mapDifferences('option', entries(want.DriverOpts), entries(have.Options));
  return [...words, ...changed];
}

/** A driver adds options of its own; those are nobody's wish. */
function only(found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...found].filter(([name]) => wanted.has(name)));
}

function entries(values: StringMap | null | undefined): Map<string, string> {
  return new Map(Object.entries(values ?? {}).filter(([name]) => !isToolLabel(name)));
}
