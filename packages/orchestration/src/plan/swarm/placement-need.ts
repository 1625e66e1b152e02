import type { PublishedPort } from '../../model/observed.ts';
import type { Platform, ServiceSpec } from '../../model/swarm/service-spec.ts';

/** What a host must offer for a task, or a pinned container, to run there. */
export interface PlacementNeed {
  readonly constraints: readonly string[];
  /** One of them must be the host's; empty is any. */
  readonly platforms: readonly Platform[];
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** By kind. */
  readonly generic: ReadonlyMap<string, number>;
  /** Ports of the host itself; those of the routing mesh are the Swarm's. */
  readonly ports: readonly PublishedPort[];
  /** Tasks of the service on one host; 0 is without bound. */
  readonly mostPerHost: number;
  /** The service's id, to count its tasks; absent where it does not stand. */
  readonly serviceId?: string;
}

/** What the tasks of a service need. */
export function placementNeed({ TaskTemplate, EndpointSpec }: ServiceSpec, serviceId?: string): PlacementNeed {
  const { Placement, Resources } = TaskTemplate ?? {};
  const reserved = Resources?.Reservations;
  return {
    constraints: Placement?.Constraints ?? [],
    platforms: Placement?.Platforms ?? [],
    nanoCpus: reserved?.NanoCPUs ?? 0,
    memoryBytes: reserved?.MemoryBytes ?? 0,
    generic: new Map(
      (reserved?.GenericResources ?? []).map(({ DiscreteResourceSpec: some, NamedResourceSpec: one }) => [
        some?.Kind ?? one?.Kind ?? '',
        some?.Value ?? 1,
      ]),
    ),
    ports: (EndpointSpec?.Ports ?? [])
      .filter(({ PublishMode, PublishedPort }) => PublishMode === 'host' && (PublishedPort ?? 0) > 0)
      .map(({ PublishedPort, Protocol }) => ({ hostIp: '', port: PublishedPort ?? 0, protocol: Protocol || 'tcp' })),
    mostPerHost: Placement?.MaxReplicas ?? 0,
    ...(serviceId === undefined ? {} : { serviceId }),
  };
}
