import type { EngineNetworks } from '../api/networks.ts';
import type { NetworkCreateBody, NetworkMember, NetworkSummary } from '../model/network.ts';
import { freeSubnet } from './address-pool.ts';
import { conflict, notFound, Refusal } from './failure.ts';
import { applyFilters, type FilterTests, labelsMatch } from './filters.ts';
import type { Gate } from './gate.ts';
import { connectContainer, disconnectContainer } from './networking.ts';
import type { FakeCluster } from './swarm/cluster.ts';
import { managedBy, outsideMessage } from './swarm/membership.ts';
import { createOverlay, removeOverlay } from './swarm/overlay.ts';
import type { FakeNetwork, FakeWorld } from './world.ts';

const predefined = new Set(['bridge', 'host', 'none']);

function createNetwork(world: FakeWorld, body: NetworkCreateBody): FakeNetwork {
  if (predefined.has(body.Name))
    throw new Refusal('forbidden', `operation is not permitted on predefined ${body.Name} network`);
  if ([...world.networks.values()].some((network) => network.Name === body.Name)) {
    throw conflict(`network with name ${body.Name} already exists`);
  }
  const driver = body.Driver || 'bridge';
  if (driver === 'overlay') return createOverlay(overlayManager(world), body);
  if (driver !== 'bridge' && driver !== 'macvlan' && driver !== 'ipvlan') {
    throw notFound(`could not resolve driver ${driver} in v1 plugin registry: plugin "${driver}" not found`);
  }
  const network = world.addNetwork({
    Name: body.Name,
    Id: world.newId(),
    Created: new Date().toISOString(),
    Scope: 'local',
    Driver: driver,
    EnableIPv4: body.EnableIPv4 ?? true,
    EnableIPv6: body.EnableIPv6 ?? false,
    IPAM: {
      Driver: body.IPAM?.Driver || 'default',
      Options: body.IPAM?.Options ?? null,
      Config: (body.IPAM?.Config ?? []).length > 0 ? body.IPAM?.Config : [freeSubnet(world)],
    },
    Internal: body.Internal ?? false,
    Attachable: body.Attachable ?? false,
    Ingress: body.Ingress ?? false,
    ConfigFrom: { Network: '' },
    ConfigOnly: body.ConfigOnly ?? false,
    Options: body.Options ?? {},
    Labels: body.Labels ?? {},
  });
  world.events.publish('network', 'create', network.Id, { name: network.Name, type: driver });
  return network;
}

function membersOf(world: FakeWorld, network: FakeNetwork): { readonly [id: string]: NetworkMember } {
  const members: { [id: string]: NetworkMember } = {};
  for (const container of world.containers.values()) {
    const endpoint = container.endpoints.get(network.Id);
    if (!endpoint?.EndpointID) continue;
    members[container.id] = {
      Name: container.name,
      EndpointID: endpoint.EndpointID,
      MacAddress: endpoint.MacAddress ?? '',
      IPv4Address: endpoint.IPAddress ? `${endpoint.IPAddress}/16` : '',
      IPv6Address: '',
    };
  }
  return members;
}

/** The Swarm that the engine makes overlay networks in; the real one refuses workers with the words for outsiders, too. */
function overlayManager(world: FakeWorld): FakeCluster {
  if (world.swarm === null) throw new Refusal('not-in-swarm', outsideMessage);
  try {
    return managedBy(world.swarm);
  } catch (thrown) {
    const isWorker = thrown instanceof Refusal && thrown.code === 'not-a-manager';
    throw isWorker ? new Refusal('not-in-swarm', outsideMessage) : thrown;
  }
}

function removeNetwork(world: FakeWorld, network: FakeNetwork): void {
  if (network.Scope === 'swarm') {
    removeOverlay(overlayManager(world), network);
    return;
  }
  if (predefined.has(network.Name))
    throw new Refusal('forbidden', `${network.Name} is a pre-defined network and cannot be removed`);
  const members = Object.keys(membersOf(world, network)).length;
  if (members > 0) {
    throw new Refusal('forbidden', `error while removing network: network ${network.Name} has active endpoints`);
  }
  world.networks.delete(network.Id);
  world.events.publish('network', 'destroy', network.Id, { name: network.Name, type: network.Driver });
}

function summaryOf(network: FakeNetwork): NetworkSummary {
  const { addresses: _addresses, lastHost: _lastHost, ...summary } = network;
  return summary;
}

export function createFakeNetworks(world: FakeWorld, gate: Gate): EngineNetworks {
  const tests: FilterTests<FakeNetwork> = {
    label: (network, wanted) => labelsMatch(network.Labels, wanted),
    name: (network, wanted) => wanted.some((name) => network.Name.includes(name)),
    id: (network, wanted) => wanted.some((id) => network.Id.includes(id)),
    driver: (network, wanted) => wanted.includes(network.Driver),
    scope: (network, wanted) => wanted.includes(network.Scope),
    type: (network, wanted) => wanted.includes(predefined.has(network.Name) ? 'builtin' : 'custom'),
    dangling: (network, [wanted]) => (Object.keys(membersOf(world, network)).length === 0) === (wanted === 'true'),
  };
  return {
    list: (options) =>
      gate.pass({ name: 'networks.list', target: '' }, 'listing networks', options, () =>
        applyFilters([...world.networks.values()], options?.filters, tests).map(summaryOf),
      ),
    inspect: (network, options) =>
      gate.pass({ name: 'networks.inspect', target: network }, `reading network ${network}`, options, () => {
        const found = world.network(network);
        return { ...summaryOf(found), Containers: membersOf(world, found) };
      }),
    create: (body, options) =>
      gate.pass({ name: 'networks.create', target: body.Name }, `creating network ${body.Name}`, options, () => ({
        Id: createNetwork(world, body).Id,
        Warning: '',
      })),
    connect: (network, container, endpoint, options) =>
      gate.pass(
        { name: 'networks.connect', target: network },
        `connecting ${container} to network ${network}`,
        options,
        () => connectContainer(world, world.network(network), world.container(container), endpoint ?? {}),
      ),
    disconnect: (network, container, options) =>
      gate.pass(
        { name: 'networks.disconnect', target: network },
        `disconnecting ${container} from network ${network}`,
        options,
        () => disconnectContainer(world, world.network(network), world.container(container)),
      ),
    remove: (network, options) =>
      gate.pass({ name: 'networks.remove', target: network }, `removing network ${network}`, options, () =>
        removeNetwork(world, world.network(network)),
      ),
    prune: (options) =>
      gate.pass({ name: 'networks.prune', target: '' }, 'removing unused networks', options, () => {
        const unused = [...world.networks.values()].filter(
          (network) =>
            !predefined.has(network.Name) &&
            network.Scope === 'local' &&
            Object.keys(membersOf(world, network)).length === 0 &&
            labelsMatch(network.Labels, options?.filters?.label ?? []),
        );
        for (const network of unused) removeNetwork(world, network);
        return { removed: unused.map((network) => network.Name), spaceReclaimed: 0 };
      }),
  };
}
