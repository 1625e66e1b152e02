import type { DependencyCondition, Project, Service } from '@drover/compose';
import { referencedServices } from './spec/references.ts';

/** One service's need of another. */
export interface Dependency {
  readonly on: string;
  readonly condition: DependencyCondition;
  /** Restart the dependent when this one is replaced. */
  readonly restart: boolean;
  /** false: when it is missing or fails, the dependent goes on. */
  readonly required: boolean;
}

/** What a service depends on: `depends_on`, links, and services whose namespaces or volumes it shares. Sorted by name. */
export function dependenciesOf(service: Service): Dependency[] {
  const found = new Map<string, Dependency>();
  for (const [on, { condition, restart, required }] of Object.entries(service.depends_on ?? {})) {
    found.set(on, { on, condition: condition ?? 'service_started', restart: restart === true, required });
  }
  const implied = [...referencedServices(service), ...(service.links ?? []).map((link) => link.split(':')[0] ?? link)];
  for (const on of implied) {
    if (!found.has(on)) found.set(on, { on, condition: 'service_started', restart: false, required: true });
  }
  return [...found.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
}

export interface ServiceOrder {
  /** Every service after what it depends on; by name where nothing else decides. */
  readonly order: readonly string[];
  /** Services that depend on each other in a circle; empty in a project that can run. */
  readonly circle: readonly string[];
}

/** The order in which services are planned. */
export function serviceOrder(project: Project): ServiceOrder {
  const waiting = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const [name, service] of Object.entries(project.services)) {
    const needs = dependenciesOf(service).filter(({ on }) => Object.hasOwn(project.services, on));
    waiting.set(name, needs.length);
    for (const { on } of needs) dependents.set(on, [...(dependents.get(on) ?? []), name]);
  }
  const order: string[] = [];
  let ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  while (ready.length > 0) {
    const next: string[] = [];
    for (const name of ready.sort()) {
      order.push(name);
      for (const dependent of dependents.get(name) ?? []) {
        const count = (waiting.get(dependent) ?? 0) - 1;
        waiting.set(dependent, count);
        if (count === 0) next.push(dependent);
      }
    }
    ready = next;
  }
  return {
    order,
    circle: order.length === waiting.size ? [] : [...waiting.keys()].filter((name) => !order.includes(name)).sort(),
  };
}

/** The services asked for, and with them what they depend on. */
export function withDependencies(project: Project, names: readonly string[]): ReadonlySet<string> {
  const selected = new Set<string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (selected.has(name) || !Object.hasOwn(project.services, name)) continue;
    selected.add(name);
    pending.push(...dependenciesOf(project.services[name] as Service).map(({ on }) => on));
  }
  return selected;
}

/** How many containers a service shall have. */
export function wantedScale(service: Service, own: number | undefined): number {
  return own ?? service.scale ?? service.deploy?.replicas ?? 1;
}
