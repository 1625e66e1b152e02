import type { EndpointSettings, PortBinding } from '../model/network.ts';
import { takeAddress } from './address-pool.ts';
import type { FakeContainer } from './container.ts';
import { notFound, Refusal } from './failure.ts';
import type { FakeNetwork, FakeWorld } from './world.ts';

/** Gives a container that starts its place on each of its networks. */
export function connectEndpoints(world: FakeWorld, container: FakeContainer): void {
  for (const [key, settings] of [...container.endpoints]) {
    const network = world.findNetwork(key);
    if (network === undefined) throw notFound(`network ${key} not found`);
    refuseUnattachable(network, container);
    if (network.Scope === 'swarm') world.networks.set(network.Id, network);
    container.endpoints.delete(key);
    container.endpoints.set(network.Id, joinNetwork(world, network, container, settings));
    world.events.publish('network', 'connect', network.Id, {
      container: container.id,
      name: network.Name,
      type: network.Driver,
    });
  }
}

/** Only tasks may be on an overlay network that is not made attachable. */
function refuseUnattachable(network: FakeNetwork, container: FakeContainer): void {
  const isTask = Object.hasOwn(container.config.Labels ?? {}, 'com.docker.swarm.task');
  if (network.Scope !== 'swarm' || network.Attachable || isTask) return;
  throw new Refusal(
    'server',
    `failed to set up container networking: Could not attach to network ${network.Name}: rpc error: code = PermissionDenied desc = network ${network.Name} not manually attachable`,
  );
}

function joinNetwork(
  world: FakeWorld,
  network: FakeNetwork,
  container: FakeContainer,
  settings: EndpointSettings,
): EndpointSettings {
  const address = takeAddress(network, settings.IPAMConfig?.IPv4Address);
  return {
    ...settings,
    NetworkID: network.Id,
    EndpointID: world.newId(),
    Gateway: network.IPAM.Config?.[0]?.Gateway ?? '',
    IPAddress: address,
    IPPrefixLen: address === '' ? 0 : network.Scope === 'swarm' ? 24 : 16,
    MacAddress: settings.MacAddress ?? '',
    DNSNames: [container.name, ...(settings.Aliases ?? []), container.id.slice(0, 12)],
  };
}

/** Takes a container that ended off its networks; it keeps what it asked for. */
export function disconnectEndpoints(world: FakeWorld, container: FakeContainer): void {
  for (const [networkId, settings] of container.endpoints) {
    if (!settings.EndpointID) continue;
    const network = world.networks.get(networkId);
    network?.addresses.delete(settings.IPAddress ?? '');
    container.endpoints.set(networkId, { ...settings, EndpointID: '', Gateway: '', IPAddress: '', IPPrefixLen: 0 });
    world.events.publish('network', 'disconnect', networkId, {
      container: container.id,
      name: network?.Name ?? '',
      type: network?.Driver ?? '',
    });
  }
}

/** Connects a container that stands: at once when it runs, else at its start. */
export function connectContainer(
  world: FakeWorld,
  network: FakeNetwork,
  container: FakeContainer,
  settings: EndpointSettings,
): void {
  const existing = container.endpoints.get(network.Id) ?? container.endpoints.get(network.Name);
  if (existing !== undefined) {
    throw new Refusal('forbidden', `endpoint with name ${container.name} already exists in network ${network.Name}`);
  }
  if (container.status === 'running' || container.status === 'paused') {
    container.endpoints.set(network.Id, joinNetwork(world, network, container, settings));
    world.events.publish('network', 'connect', network.Id, {
      container: container.id,
      name: network.Name,
      type: network.Driver,
    });
  } else {
    container.endpoints.set(network.Id, settings);
  }
}

/** Takes one network away from a container. */
export function disconnectContainer(world: FakeWorld, network: FakeNetwork, container: FakeContainer): void {
  const settings = container.endpoints.get(network.Id);
  if (settings === undefined) {
    throw new Refusal('forbidden', `container ${container.id} is not connected to network ${network.Name}`);
  }
  container.endpoints.delete(network.Id);
  if (!settings.EndpointID) return;
  network.addresses.delete(settings.IPAddress ?? '');
  world.events.publish('network', 'disconnect', network.Id, {
    container: container.id,
    name: network.Name,
    type: network.Driver,
  });
}

/** Publishes the ports of a container that starts. */
export function takePorts(world: FakeWorld, container: FakeContainer): void {
  if (container.hostConfig.NetworkMode === 'host') return;
  for (const [port, bindings] of Object.entries(container.hostConfig.PortBindings ?? {})) {
    const published: PortBinding[] = [];
    container.publishedPorts.set(port, published);
    for (const binding of bindings ?? []) {
      const protocol = port.split('/')[1] ?? 'tcp';
      const address = binding.HostIp || '0.0.0.0';
      const hostPort = takeHostPort(world, container, protocol, address, binding.HostPort || '32768-60999');
      published.push({ HostIp: address, HostPort: hostPort });
      if (!binding.HostIp) published.push({ HostIp: '::', HostPort: hostPort });
    }
  }
}

function takeHostPort(
  world: FakeWorld,
  container: FakeContainer,
  protocol: string,
  address: string,
  range: string,
): string {
  const [first = '', last = first] = range.split('-');
  for (let port = Number(first); port <= Number(last); port += 1) {
    const taken = [`${protocol}/${address}/${port}`, `${protocol}/0.0.0.0/${port}`].some((key) =>
      world.hostPorts.has(key),
    );
    const wildcardTaken =
      address === '0.0.0.0' &&
      [...world.hostPorts.keys()].some((key) => key.startsWith(`${protocol}/`) && key.endsWith(`/${port}`));
    if (taken || wildcardTaken) continue;
    world.hostPorts.set(`${protocol}/${address}/${port}`, container.id);
    return String(port);
  }
  throw new Refusal(
    'server',
    `driver failed programming external connectivity on endpoint ${container.name} (${world.newId()}): Bind for ${address}:${range} failed: port is already allocated`,
  );
}

export function releasePorts(world: FakeWorld, container: FakeContainer): void {
  for (const [port, bindings] of container.publishedPorts) {
    const protocol = port.split('/')[1] ?? 'tcp';
    for (const binding of bindings) world.hostPorts.delete(`${protocol}/${binding.HostIp}/${binding.HostPort}`);
  }
  container.publishedPorts.clear();
}
