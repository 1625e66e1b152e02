import type { Service } from '../model/service.ts';
import { compareCodePoints } from '../tree/order.ts';

/** Services and what they need, by name. */
export type Services = Readonly<Record<string, Service>>;

/** The first circle of dependencies, its first name repeated at the end; undefined where there is none. Linear in the edges. */
export function findCycle(services: Services): readonly string[] | undefined {
  const done = new Set<string>();
  for (const start of Object.keys(services)) {
    if (done.has(start)) continue;
    const open = new Map<string, number>([[start, 0]]);
    const stack = [{ name: start, next: neighbours(services, start) }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const dependency = top.next.pop();
      if (dependency === undefined) {
        done.add(top.name);
        open.delete(top.name);
        stack.pop();
        continue;
      }
      const seenAt = open.get(dependency);
      if (seenAt !== undefined) return [...stack.slice(seenAt).map((entry) => entry.name), dependency];
      if (done.has(dependency)) continue;
      open.set(dependency, stack.length);
      stack.push({ name: dependency, next: neighbours(services, dependency) });
    }
  }
  return undefined;
}

/** What a service depends on and the project has, the last name first so that `pop` goes by name. */
function neighbours(services: Services, name: string): string[] {
  const needed = services[name]?.depends_on ?? {};
  return Object.keys(needed)
    .filter((dependency) => Object.hasOwn(services, dependency))
    .sort((left, right) => compareCodePoints(right, left));
}

/**
 * The services in waves: each needs only those of earlier waves; names sorted within one. What a circle holds is in no wave.
 */
export function dependencyWaves(services: Services): readonly (readonly string[])[] {
  const missing = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const name of Object.keys(services)) {
    const needed = neighbours(services, name);
    missing.set(name, needed.length);
    for (const dependency of needed) {
      const known = dependents.get(dependency);
      if (known === undefined) dependents.set(dependency, [name]);
      else known.push(name);
    }
  }
  const waves: string[][] = [];
  let wave = [...missing].filter(([, count]) => count === 0).map(([name]) => name);
  while (wave.length > 0) {
    wave.sort(compareCodePoints);
    waves.push(wave);
    const next: string[] = [];
    for (const name of wave) {
      for (const dependent of dependents.get(name) ?? []) {
        const left = missing.get(dependent)! - 1;
        missing.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    wave = next;
  }
  return waves;
}

/** The names of the services, each after those that it needs; by name where nothing else decides. */
export function servicesInOrder(services: Services): readonly string[] {
  const order = new Set<string>();
  const seen = new Set<string>();
  const stack: { readonly name: string; readonly next: string[] }[] = [];
  const enter = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    stack.push({ name, next: neighbours(services, name) });
  };
  for (const start of Object.keys(services).sort(compareCodePoints)) {
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const dependency = top.next.pop();
      if (dependency !== undefined) enter(dependency);
      else {
        order.add(top.name);
        stack.pop();
      }
    }
  }
  return [...order];
}

/** The services that need this one directly, sorted. */
export function dependentsOf(services: Services, name: string): readonly string[] {
  return Object.keys(services)
    .filter((other) => Object.hasOwn(services[other]?.depends_on ?? {}, name))
    .sort(compareCodePoints);
}
