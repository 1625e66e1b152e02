import type { Project, Service } from '@drover/compose';
import type { NetworkAttachment } from '../../../model/swarm/service-spec.ts';
import { networkName } from '../../spec/networking.ts';

/** A network that tasks join. */
export interface JoinedNetwork {
  /** Its key in the project; absent for one that only `network_mode` asks for. */
  readonly key?: string;
  /** Its name in the Swarm. */
  readonly name: string;
}

/** The networks of a service's tasks, by name. */
export function joinedNetworks(project: Project, serviceName: string, service: Service): readonly JoinedNetwork[] {
  const mode = service.network_mode ?? '';
  if (mode === 'none') return [{ name: lonelyNetwork(project, serviceName) }];
  if (mode === 'host' || mode === 'bridge') return [{ name: mode }];
  return Object.keys(service.networks ?? {})
    .map((key) => ({ key, name: networkName(project, key) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What stands for `network_mode: none`: an internal network that only this service's tasks are on. */
export function lonelyNetwork(project: Project, serviceName: string): string {
  return `${project.name}_${serviceName}_none`;
}

/** `id` answers the id of a network that stands, by its name. */
export function taskNetworks(
  project: Project,
  serviceName: string,
  service: Service,
  id: (name: string) => string | undefined,
): readonly NetworkAttachment[] {
  return joinedNetworks(project, serviceName, service).map(({ key, name }) => {
    const settings = key === undefined ? undefined : service.networks?.[key];
    // The networks that every host has know no names.
    const isOfHost = name === 'host' || name === 'bridge';
    const aliases =
      key === undefined || isOfHost ? (settings?.aliases ?? []) : aliasesOn(project, serviceName, service, key);
    return {
      Target: id(name) ?? name,
      ...(aliases.length > 0 ? { Aliases: aliases } : {}),
      ...(settings?.driver_opts === undefined ? {} : { DriverOpts: settings.driver_opts }),
    };
  });
}

/** The author's own, then the service's key, and the names by which links and `container_name` know it. */
export function aliasesOn(project: Project, serviceName: string, service: Service, key: string): string[] {
  const own = service.networks?.[key]?.aliases ?? [];
  const linked = Object.values(project.services).flatMap((other) =>
    Object.hasOwn(other.networks ?? {}, key)
      ? (other.links ?? []).flatMap((link) => {
          const [target = '', alias = target] = link.split(':');
          return target === serviceName ? [alias] : [];
        })
      : [],
  );
  const named = service.container_name ? [service.container_name] : [];
  return [...new Set([...own, serviceName, ...named, ...linked.sort()])];
}
