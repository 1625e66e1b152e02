import type { TaskInspect } from '@drover/engine';
import type { Observed, PublishedPort } from '../../model/observed.ts';
import type { NodeUsage } from '../../model/swarm/observed.ts';

/** What running tasks hold on each node, by the node's id, and the ports that containers beside them have. */
export function nodeUsage(
  tasks: readonly TaskInspect[],
  hosts: readonly { readonly name: string; readonly nodeId: string }[],
  pinned: ReadonlyMap<string, Observed>,
): ReadonlyMap<string, NodeUsage> {
  const byNode = Map.groupBy(tasks, ({ NodeID }) => NodeID as string | undefined);
  const nodes = new Set([...byNode.keys(), ...hosts.map(({ nodeId }) => nodeId)]);
  nodes.delete(undefined);
  const names = new Map(hosts.map(({ nodeId, name }) => [nodeId, name]));
  return new Map(
    [...nodes].flatMap((nodeId) => {
      if (nodeId === undefined) return [];
      const foreign = pinned.get(names.get(nodeId) ?? '')?.foreign ?? [];
      const ports = foreign.filter(({ running }) => running).flatMap((container) => container.ports);
      return [[nodeId, usageOf(byNode.get(nodeId) ?? [], ports)] as const];
    }),
  );
}

function usageOf(tasks: readonly TaskInspect[], containerPorts: readonly PublishedPort[]): NodeUsage {
  const generic = new Map<string, number>();
  const perService = new Map<string, number>();
  let nanoCpus = 0;
  let memoryBytes = 0;
  for (const { Spec, ServiceID, AssignedGenericResources } of tasks) {
    const { NanoCPUs, MemoryBytes } = Spec.Resources?.Reservations ?? {};
    nanoCpus += NanoCPUs ?? 0;
    memoryBytes += MemoryBytes ?? 0;
    perService.set(ServiceID, (perService.get(ServiceID) ?? 0) + 1);
    for (const { NamedResourceSpec, DiscreteResourceSpec } of AssignedGenericResources ?? []) {
      const kind = NamedResourceSpec?.Kind ?? DiscreteResourceSpec?.Kind ?? '';
      generic.set(kind, (generic.get(kind) ?? 0) + (DiscreteResourceSpec?.Value ?? 1));
    }
  }
  return { nanoCpus, memoryBytes, generic, ports: [...tasks.flatMap(portsOf), ...containerPorts], tasks: perService };
}

function portsOf({ Status }: TaskInspect): PublishedPort[] {
  return (Status.PortStatus?.Ports ?? []).flatMap(({ PublishMode, PublishedPort: port, Protocol }) =>
    PublishMode === 'host' && port ? [{ hostIp: '', port, protocol: Protocol ?? 'tcp' }] : [],
  );
}
