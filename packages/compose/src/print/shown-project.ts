import type { Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import { withoutUnusedResources } from '../project/select.ts';

/** The part of a project that `docker compose config` prints: what is used. */
export function shownProject(project: Project): Project {
  const used = withoutUnusedResources(project);
  const services: Record<string, Service> = Object.create(null);
  for (const [name, service] of Object.entries(used.services)) services[name] = shownService(service);
  return { ...used, services };
}

/** A service as `docker compose config` prints and hashes it: without the label files, whose labels it holds. */
export function shownService(service: Service): Service {
  const { label_file: _read, ...shown } = service;
  return shown;
}
