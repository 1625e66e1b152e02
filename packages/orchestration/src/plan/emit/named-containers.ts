import type { Service } from '@drover/compose';
import type { Emitter } from './emitter.ts';
import type { PreparedService } from './services.ts';

/**
 * Orders the creation of containers that share something of another one by its name (`volumes_from: container:store`) after the
 * creation of that one, where it is a new one of a service that theirs depends on. The engine looks the name up at once.
 */
export function orderNamedContainers({ builder }: Emitter, services: readonly PreparedService[]): void {
  const byName = new Map(services.map((service) => [service.decision.name, service]));
  for (const borrower of services) {
    const names = containersNamedBy(borrower.service);
    if (names.size === 0) continue;
    for (const lender of everythingBelow(borrower, byName)) {
      for (const { slot, container } of lender.slots) {
        if (!('createdBy' in container) || !names.has(slot.finalName)) continue;
        for (const own of borrower.slots) {
          if ('createdBy' in own.container) builder.order(container.createdBy, own.container.createdBy);
        }
      }
    }
  }
}

function containersNamedBy({ network_mode, ipc, pid, volumes_from = [] }: Service): ReadonlySet<string> {
  const references = [network_mode, ipc, pid, ...volumes_from].map(
    (value) => /^container:([^:]+)/.exec(value ?? '')?.[1],
  );
  return new Set(references.filter((name) => name !== undefined));
}

/** All that a service depends on, near and far. */
function everythingBelow(
  service: PreparedService,
  byName: ReadonlyMap<string, PreparedService>,
): ReadonlySet<PreparedService> {
  const found = new Set<PreparedService>();
  const open = [service];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { on } of next.dependencies) {
      const dependency = byName.get(on);
      if (dependency === undefined || found.has(dependency)) continue;
      found.add(dependency);
      open.push(dependency);
    }
  }
  return found;
}
