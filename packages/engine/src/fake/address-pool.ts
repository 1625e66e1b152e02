import { conflict, Refusal } from './failure.ts';
import type { FakeNetwork, FakeWorld } from './world.ts';

/** Addresses that a fake network has: a local one, and an overlay one. */
const hostsOf = { local: 65_000, swarm: 253, global: 253 };

/** The first free subnet of those the real engine takes: 172.18/16 to 172.31/16, then 192.168.0/20 onwards and 10.x. */
export function freeSubnet(world: FakeWorld): { readonly Subnet: string; readonly Gateway: string } {
  const used = new Set(
    [...world.networks.values()].flatMap((network) => (network.IPAM.Config ?? []).map((pool) => pool.Subnet)),
  );
  for (const prefix of candidates()) {
    const subnet = `${prefix}.0.0/16`;
    if (!used.has(subnet)) return { Subnet: subnet, Gateway: `${prefix}.0.1` };
  }
  throw new Refusal('server', 'all predefined address pools have been fully subnetted');
}

function* candidates(): Generator<string> {
  for (let second = 18; second < 32; second += 1) yield `172.${second}`;
  for (let second = 0; second < 256; second += 1) yield `10.${second}`;
}

/** Gives a container its address on a network: the one it asks for, or the next free one. */
export function takeAddress(network: FakeNetwork, wanted: string | null | undefined): string {
  const pool = network.IPAM.Config?.[0];
  if (pool?.Subnet == null) return '';
  if (wanted) {
    if (network.addresses.has(wanted) || wanted === pool.Gateway) throw conflict('Address already in use');
    network.addresses.add(wanted);
    return wanted;
  }
  const hosts = hostsOf[network.Scope];
  const [a = '0', b = '0', c = '0'] = pool.Subnet.split('.');
  for (let tries = 0; tries < hosts; tries += 1) {
    const host = ((network.lastHost + tries) % hosts) + 1;
    const address = `${a}.${b}.${Number(c) + (host >> 8)}.${host & 255}`;
    if (address === pool.Gateway || network.addresses.has(address)) continue;
    network.lastHost = host;
    network.addresses.add(address);
    return address;
  }
  throw new Refusal('server', "no available IPv4 addresses on this network's address pools");
}
