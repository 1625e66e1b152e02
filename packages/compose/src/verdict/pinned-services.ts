import type { Project } from '../model/project.ts';
import type { HostFacts } from './host-facts.ts';
import { judgedFields } from './walk.ts';

/** The services that a Swarm cannot run as tasks and Drover runs as containers pinned to a host, each with its reasons. */
export function pinnedServices(project: Project, facts: HostFacts = {}): ReadonlyMap<string, readonly string[]> {
  const pinned = new Map<string, string[]>();
  for (const { path, judgement } of judgedFields({ project, target: 'swarm', facts })) {
    if (judgement.verdict !== 'emulated' || judgement.pins !== true) continue;
    const service = String(path[1]);
    pinned.set(service, [...(pinned.get(service) ?? []), judgement.reason]);
  }
  return pinned;
}
