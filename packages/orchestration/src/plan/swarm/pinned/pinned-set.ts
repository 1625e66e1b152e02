import type { Project, Service } from '@drover/compose';
import { referencedServices } from '../../spec/references.ts';

/**
 * The services that run as containers pinned to a host, in groups that must share one: those that share a namespace or volumes. What
 * a pinned service shares something with is pinned too. Sorted by name.
 */
export function pinnedGroups(project: Project, byTable: ReadonlySet<string>): readonly (readonly string[])[] {
  const pinned = new Set(byTable);
  for (let more = true; more; ) {
    more = false;
    for (const name of [...pinned]) {
      for (const other of referencedServices(project.services[name] as Service)) {
        if (pinned.has(other) || !Object.hasOwn(project.services, other)) continue;
        pinned.add(other);
        more = true;
      }
    }
  }
  const group = new Map([...pinned].map((name) => [name, name]));
  const rootOf = (name: string): string => {
    let root = name;
    while (group.get(root) !== root) root = group.get(root) ?? root;
    return root;
  };
  for (const name of pinned) {
    for (const other of referencedServices(project.services[name] as Service)) {
      if (pinned.has(other)) group.set(rootOf(name), rootOf(other));
    }
  }
  const groups = new Map<string, string[]>();
  for (const name of [...pinned].sort()) groups.set(rootOf(name), [...(groups.get(rootOf(name)) ?? []), name]);
  return [...groups.values()];
}
