import type { Project, Service, ServiceNetwork } from '@drover/compose';
import type { EndpointSettings } from '../../model/container-body.ts';
import { containerName } from '../../model/names.ts';
import { speaks } from './api-version.ts';

export interface Networking {
  readonly mode: string;
  /** By name in the engine; the primary network first. Empty with a network mode. */
  readonly endpoints: ReadonlyMap<string, EndpointSettings>;
  /** Only for engines before API 1.44, which know one address a container. */
  readonly macAddress: string | undefined;
  readonly links: readonly string[];
}

export interface NetworkingRequest {
  readonly project: Project;
  readonly serviceName: string;
  readonly service: Service;
  readonly number: number;
  readonly apiVersion: string;
  /** `container:ID` for `service:NAME`. */
  readonly resolveMode: (mode: string) => string;
  /** The numbers of a service's containers. */
  readonly numbersOf: (service: string) => readonly number[];
  /** Whether the service's name and aliases lead to this container; not for one-off ones. */
  readonly aliases: boolean;
}

/** How the container is connected. */
export function networking(request: NetworkingRequest): Networking {
  const { project, service } = request;
  const links = serviceLinks(request);
  if ((service.network_mode ?? '') !== '') {
    return {
      mode: request.resolveMode(service.network_mode ?? ''),
      endpoints: new Map(),
      macAddress: service.mac_address,
      links,
    };
  }
  const keys = networksByPriority(service);
  const [primary] = keys;
  if (primary === undefined) return { mode: 'none', endpoints: new Map(), macAddress: service.mac_address, links };
  const perEndpoint = speaks(request.apiVersion, '1.44');
  const endpoints = new Map<string, EndpointSettings>();
  for (const key of keys) {
    const settings = service.networks?.[key] ?? undefined;
    const mac = settings?.mac_address ?? (key === primary && perEndpoint ? service.mac_address : undefined);
    endpoints.set(networkName(project, key), {
      Aliases: endpointAliases(request, settings),
      ...(links.length > 0 ? { Links: links } : {}),
      ...endpointSettings(settings),
      ...(mac !== undefined && mac !== '' && perEndpoint ? { MacAddress: mac } : {}),
      ...(settings?.gw_priority !== undefined && speaks(request.apiVersion, '1.48')
        ? { GwPriority: settings.gw_priority }
        : {}),
    });
  }
  return {
    mode: networkName(project, primary),
    endpoints,
    macAddress: perEndpoint ? undefined : (service.networks?.[primary]?.mac_address ?? service.mac_address),
    links,
  };
}

/** The keys of a service's networks, the primary one first: by priority, then by name. */
export function networksByPriority(service: Service): string[] {
  const networks = service.networks ?? {};
  const priority = (key: string): number => networks[key]?.priority ?? 0;
  return Object.keys(networks).sort((a, b) => priority(b) - priority(a) || (a < b ? -1 : 1));
}

/** The name in the engine of one of the project's networks. */
export function networkName(project: Project, key: string): string {
  return Object.hasOwn(project.networks, key) ? (project.networks[key]?.name ?? key) : key;
}

function endpointSettings(settings: ServiceNetwork | undefined): EndpointSettings {
  if (settings === undefined) return {};
  const { ipv4_address, ipv6_address, link_local_ips, interface_name } = settings;
  const driverOpts = {
    ...settings.driver_opts,
    ...(interface_name === undefined ? {} : { 'com.docker.network.endpoint.ifname': interface_name }),
  };
  return {
    IPAMConfig: { IPv4Address: ipv4_address, IPv6Address: ipv6_address, LinkLocalIPs: link_local_ips },
    ...(Object.keys(driverOpts).length > 0 ? { DriverOpts: driverOpts } : {}),
  };
}

function endpointAliases(request: NetworkingRequest, settings: ServiceNetwork | undefined): string[] {
  const { project, serviceName, service, number } = request;
  const own = containerName(project.name, serviceName, number, service.container_name);
  return request.aliases ? [own, serviceName, ...(settings?.aliases ?? [])] : [own];
}

function serviceLinks(request: NetworkingRequest): string[] {
  const { project, service, number } = request;
  const links: string[] = [];
  for (const link of service.links ?? []) {
    const [target = '', alias = target] = link.split(':');
    for (const other of request.numbersOf(target)) {
      const name = containerName(project.name, target, other, project.services[target]?.container_name);
      links.push(`${name}:${alias}`, `${name}:${target}-${number}`, `${name}:${project.name}-${target}-${number}`);
    }
  }
  for (const link of service.external_links ?? []) {
    const [target = '', alias = target] = link.split(':');
    links.push(`${target}:${alias}`);
  }
  return links;
}
