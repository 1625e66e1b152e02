import type { NetworkView } from '@drover/contract';
import type { ContainerSummary, NetworkSummary } from '@drover/engine';
import { ownerOf } from '@drover/orchestration';
import type { Host } from '../host/host.ts';
import { askHosts, type HostGroup, hostNamed } from '../host/host-group.ts';
import { Refusal } from '../refusal.ts';

/** The fewest digits of an id that are taken for one. */
const shortestPrefix = 6;

/** The networks of the environment's hosts. */
export class Networks {
  readonly #group: HostGroup;

  constructor(group: HostGroup) {
    this.#group = group;
  }

  /** A network that spans hosts is there once, with the containers of all of them. */
  async list(signal?: AbortSignal): Promise<NetworkView[]> {
    const lists = await askHosts(this.#group, async (host) => await networksOf(host, signal));
    const views = new Map<string, NetworkView>();
    for (const view of lists.flatMap(({ answer }) => answer)) {
      const key = `${view.host ?? ''}/${view.id}`;
      const known = views.get(key);
      views.set(key, known === undefined ? view : { ...known, containers: known.containers + view.containers });
    }
    return [...views.values()];
  }

  async remove(network: string, on: string | undefined, signal?: AbortSignal): Promise<{ removed: string }> {
    const { host, id, name } = await this.#find(network, on, signal);
    await host.engine.networks.remove(id, { signal, doing: `removing the network ${name}` });
    return { removed: name };
  }

  async #find(network: string, on: string | undefined, signal: AbortSignal | undefined) {
    const asked = on === undefined ? this.#group : { hosts: () => [hostNamed(this.#group, on)] };
    const answers = await askHosts(asked, async ({ engine }) => {
      const all = await engine.networks.list({ signal });
      const named = all.find(({ Id, Name }) => Id === network || Name === network);
      return named ?? (network.length < shortestPrefix ? undefined : all.find(({ Id }) => Id.startsWith(network)));
    });
    const found = answers.flatMap(({ host, answer }) => (answer === undefined ? [] : [{ host, answer }]));
    const [first] = found;
    if (first === undefined) throw new Refusal('not-found', `looking for the network ${network}: there is none`);
    if (new Set(found.map(({ answer }) => answer.Id)).size > 1)
      throw new Refusal('invalid', `looking for the network ${network}: several hosts have one; use its id`);
    // Only a manager lets go of a network that spans hosts, and only a manager tells of one that no task uses.
    return { host: first.host, id: first.answer.Id, name: first.answer.Name };
  }
}

async function networksOf(host: Host, signal: AbortSignal | undefined): Promise<NetworkView[]> {
  const [networks, containers] = await Promise.all([host.engine.networks.list({ signal }), host.containers()]);
  const users = countNetworkUsers(containers);
  return networks.map((network) => {
    const stack = ownerOf(network.Labels);
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
      ...(host.name === undefined || network.Scope === 'swarm' ? {} : { host: host.name }),
    };
  });
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
