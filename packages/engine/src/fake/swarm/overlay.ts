import type { NetworkCreateBody, NetworkSummary } from '../../model/network.ts';
import { conflict, Refusal } from '../failure.ts';
import type { FakeNetwork, FakeWorld } from '../world.ts';
import type { FakeCluster } from './cluster.ts';
import type { FakeMember } from './fabric.ts';
import { hasEnded } from './objects.ts';

/** Makes an overlay network, which every manager shows. */
export function createOverlay(cluster: FakeCluster, body: NetworkCreateBody): FakeNetwork {
  if ([...cluster.networks.values()].some((network) => network.Name === body.Name))
    throw conflict(`network with name ${body.Name} already exists`);
  const network = addOverlay(cluster, {
    Name: body.Name,
    Id: cluster.fabric.newId(),
    Created: new Date().toISOString(),
    Scope: 'swarm',
    Driver: 'overlay',
    EnableIPv4: body.EnableIPv4 ?? true,
    EnableIPv6: body.EnableIPv6 ?? false,
    IPAM: {
      Driver: body.IPAM?.Driver || 'default',
      Options: body.IPAM?.Options ?? null,
      Config: (body.IPAM?.Config ?? []).length > 0 ? body.IPAM?.Config : [cluster.nextSubnet()],
    },
    Internal: body.Internal ?? false,
    Attachable: body.Attachable ?? false,
    Ingress: body.Ingress ?? false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Options: {
      ...body.Options,
      'com.docker.network.driver.overlay.vxlanid_list': String(4096 + cluster.networks.size),
    },
    Labels: body.Labels ?? {},
  });
  cluster.publish('network', 'create', network.Id, { name: network.Name });
  return network;
}

function addOverlay(cluster: FakeCluster, summary: NetworkSummary): FakeNetwork {
  const network: FakeNetwork = { ...summary, addresses: new Set(), lastHost: 1 };
  cluster.networks.set(network.Id, network);
  for (const { member } of cluster.managers())
    if (member.cluster === cluster) member.world.networks.set(network.Id, network);
  return network;
}

/** The network of the routing mesh, which every Swarm has. */
export function makeIngress(cluster: FakeCluster): void {
  addOverlay(cluster, {
    Name: 'ingress',
    Id: cluster.fabric.newId(),
    Created: new Date().toISOString(),
    Scope: 'swarm',
    Driver: 'overlay',
    EnableIPv6: false,
    IPAM: { Driver: 'default', Options: null, Config: [cluster.nextSubnet()] },
    Internal: false,
    Attachable: false,
    Ingress: true,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Options: { 'com.docker.network.driver.overlay.vxlanid_list': '4096' },
    Labels: {},
  });
}

export function removeOverlay(cluster: FakeCluster, network: FakeNetwork): void {
  const names = (target: string) => target === network.Id || target === network.Name;
  for (const service of cluster.services.values()) {
    if ((service.spec.TaskTemplate?.Networks ?? []).some(({ Target }) => names(Target)))
      throw new Refusal('bad-request', `network ${network.Id} is in use by service ${service.id}`);
  }
  for (const task of cluster.tasks.values()) {
    if (!hasEnded(task) && (task.spec.Networks ?? []).some(({ Target }) => names(Target)))
      throw new Refusal('bad-request', `network ${network.Id} is in use by task ${task.id}`);
  }
  for (const { member } of cluster.nodes.values()) {
    for (const container of member.world.containers.values()) {
      if (container.endpoints.get(network.Id)?.EndpointID)
        throw new Refusal('bad-request', `network ${network.Id} is in use by task ${container.id.slice(0, 25)}`);
    }
  }
  cluster.networks.delete(network.Id);
  for (const { member } of cluster.nodes.values()) member.world.networks.delete(network.Id);
  cluster.publish('network', 'remove', network.Id, { name: network.Name });
}

/** A manager shows all overlay networks. */
export function showOverlays(cluster: FakeCluster, member: FakeMember): void {
  for (const network of cluster.networks.values()) member.world.networks.set(network.Id, network);
}

/** Any other engine shows those that its containers use. */
export function forgetOverlays(cluster: FakeCluster, member: FakeMember): void {
  for (const network of cluster.networks.values()) {
    if (!isUsed(member.world, network)) member.world.networks.delete(network.Id);
  }
}

function isUsed(world: FakeWorld, network: FakeNetwork): boolean {
  return [...world.containers.values()].some((container) => container.endpoints.has(network.Id));
}
