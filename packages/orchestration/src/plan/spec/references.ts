import type { Service } from '@drover/compose';

/** How a service names the container of another one in its settings. */
export interface ReferenceResolver {
  /** The id of the first container of a service, or a token for it. */
  readonly containerOf: (service: string) => string;
}

/** The services whose containers a service cannot be made without: it shares something of theirs. */
export function referencedServices(service: Service): string[] {
  const modes = [service.network_mode, service.ipc, service.pid].map((mode) => serviceOfMode(mode));
  const volumes = (service.volumes_from ?? []).map((entry) =>
    entry.startsWith('container:') ? undefined : entry.split(':')[0],
  );
  return [...new Set([...modes, ...volumes])].filter((name) => name !== undefined).sort();
}

/** The service as it is put to work: `service:NAME` is `container:ID`. */
export function withReferences(service: Service, resolver: ReferenceResolver): Service {
  if (referencedServices(service).length === 0 && (service.volumes_from ?? []).length === 0) return service;
  const mode = (value: string | undefined): string | undefined => {
    const name = serviceOfMode(value);
    return name === undefined ? value : `container:${resolver.containerOf(name)}`;
  };
  return withoutUndefined({
    ...service,
    network_mode: mode(service.network_mode),
    ipc: mode(service.ipc),
    pid: mode(service.pid),
    volumes_from: service.volumes_from?.map((entry) => volumesFrom(entry, resolver)),
  });
}

/** The service as docker compose hashes it: it leaves out the access mode of `volumes_from`. */
export function asHashed(resolved: Service): Service {
  if (resolved.volumes_from === undefined) return resolved;
  return { ...resolved, volumes_from: resolved.volumes_from.map((entry) => entry.split(':')[0] ?? entry) };
}

function serviceOfMode(mode: string | undefined): string | undefined {
  return mode?.startsWith('service:') ? mode.slice('service:'.length) : undefined;
}

function volumesFrom(entry: string, { containerOf }: ReferenceResolver): string {
  const [first = '', second, ...rest] = entry.split(':');
  if (first === 'container') return [second ?? '', ...rest].join(':');
  const id = containerOf(first);
  return second === undefined ? id : `${id}:${second}`;
}

function withoutUndefined<T extends object>(value: T): Service {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as unknown as Service;
}
