import type { NetworkView } from '@drover/contract';
import type { ContainerSummary, NetworkSummary } from '@drover/engine';
import { composeLabel } from '@drover/orchestration';
import type { Host } from '../host/host.ts';

/** The networks of the host. */
export class Networks {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  async list(signal?: AbortSignal): Promise<NetworkView[]> {
    const [networks, containers] = await Promise.all([
      this.#host.engine.networks.list({ signal }),
      this.#host.containers(),
    ]);
    const users = countNetworkUsers(containers);
    return networks.map((network) => {
      const stack = labelOf(network.Labels, composeLabel.project);
      return {
        id: network.Id,
        name: network.Name,
        driver: network.Driver,
        scope: network.Scope,
        internal: network.Internal,
        ...(stack === undefined ? {} : { stack }),
        subnets: (network.IPAM.Config ?? []).flatMap(({ Subnet }) => (Subnet == null ? [] : [Subnet])),
        containers: usersOf(network, users),
        createdAt: network.Created,
      };
    });
  }

  async remove(network: string, signal?: AbortSignal): Promise<{ removed: string }> {
    const { Id, Name } = await this.#host.engine.networks.inspect(network, { signal });
    await this.#host.engine.networks.remove(Id, { signal, doing: `removing the network ${Name}` });
    return { removed: Name };
  }
}

/** How many containers, stopped ones too, are attached to a network, by its id and by its name. */
export function countNetworkUsers(containers: Iterable<ContainerSummary>): ReadonlyMap<string, number> {
  const users = new Map<string, number>();
  // A container that never ran knows its networks by name only.
  for (const { NetworkSettings } of containers)
    for (const [name, { NetworkID }] of Object.entries(NetworkSettings?.Networks ?? {}))
      for (const key of NetworkID ? [NetworkID] : [name]) users.set(key, (users.get(key) ?? 0) + 1);
  return users;
}

export function usersOf({ Id, Name }: NetworkSummary, users: ReadonlyMap<string, number>): number {
  return (users.get(Id) ?? 0) + (users.get(Name) ?? 0);
}

export function labelOf(labels: Readonly<Record<string, string>> | null, name: string): string | undefined {
  return labels !== null && Object.hasOwn(labels, name) ? labels[name] : undefined;
}
