import type { Service } from '@drover/compose';
import type { GenericResource, TaskResources } from '../../../model/swarm/service-spec.ts';
import { bytes, nanoCpus } from '../../spec/quantity.ts';
import { resources } from '../../spec/resources.ts';

/** Microseconds; what the kernel takes where only a quota is given. */
const defaultPeriod = 100_000;

/** Limits, and what a host must have left to be chosen. Undefined where nothing is asked for. */
export function taskResources(service: Service): TaskResources | undefined {
  const reserved = service.deploy?.resources?.reservations;
  const { NanoCpus, Memory, PidsLimit, MemoryReservation } = resources(service);
  const memory = Memory ?? 0;
  const limits = {
    NanoCPUs: NanoCpus || quota(service),
    MemoryBytes: memory,
    Pids: Math.max(0, PidsLimit ?? 0),
  };
  const reservations = {
    NanoCPUs: nanoCpus(reserved?.cpus),
    MemoryBytes: MemoryReservation ?? 0,
    GenericResources: (reserved?.generic_resources ?? []).flatMap(
      ({ discrete_resource_spec: spec }): GenericResource[] =>
        spec === undefined ? [] : [{ DiscreteResourceSpec: { Kind: spec.kind, Value: spec.value } }],
    ),
  };
  const wanted: TaskResources = {
    ...(limits.NanoCPUs + limits.MemoryBytes + limits.Pids > 0 ? { Limits: limits } : {}),
    ...(reservations.NanoCPUs + reservations.MemoryBytes > 0 || reservations.GenericResources.length > 0
      ? { Reservations: reservations }
      : {}),
    ...(service.memswap_limit === undefined ? {} : { SwapBytes: swap(bytes(service.memswap_limit), memory) }),
    ...(service.mem_swappiness === undefined ? {} : { MemorySwappiness: bytes(service.mem_swappiness) }),
  };
  return Object.keys(wanted).length === 0 ? undefined : wanted;
}

function quota({ cpu_quota, cpu_period }: Service): number {
  return (cpu_quota ?? 0) <= 0 ? 0 : Math.trunc(((cpu_quota ?? 0) / (cpu_period || defaultPeriod)) * 1e9);
}

/** Compose counts memory and swap together; -1 is without bound in both. */
function swap(both: number, memory: number): number {
  return both < 0 ? -1 : Math.max(0, both - memory);
}
