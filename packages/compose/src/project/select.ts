import type { Named } from '../model/extension.ts';
import type { Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import { dependentsOf } from './graph.ts';

/** Which services come along with the chosen ones. */
export type DependencyPolicy = 'include' | 'dependents' | 'ignore';

/** Whether a service is active under these profiles; one without profiles always is. */
export function hasProfile(service: Service, profiles: readonly string[]): boolean {
  if (service.profiles === undefined || profiles.includes('*')) return true;
  return service.profiles.some((profile) => profiles.includes(profile));
}

/** The project with the services of these profiles active and the others disabled. */
export function withProfiles(project: Project, profiles: readonly string[]): Project {
  const services: Record<string, Service> = Object.create(null);
  const disabledServices: Record<string, Service> = Object.create(null);
  const all = allServices(project);
  for (const name of Object.keys(all)) {
    const service = all[name]!;
    if (hasProfile(service, profiles)) services[name] = service;
    else disabledServices[name] = service;
  }
  return { ...project, services, disabledServices, profiles };
}

/** The project with these services active, and with them whatever shares their profiles. */
export function withServicesEnabled(project: Project, names: readonly string[]): Project {
  const wanted = names.flatMap((name) => project.disabledServices[name]?.profiles ?? []);
  return wanted.length === 0 ? project : withProfiles(project, [...project.profiles, ...wanted]);
}

/** A name that no active service has: asked for, or needed by one that is. */
export interface UnknownService {
  readonly unknown: string;
}

/** The project with only these services and, by policy, those they need or that need them; the rest is disabled. */
export function selectServices(
  project: Project,
  names: readonly string[],
  policy: DependencyPolicy = 'include',
): Project | UnknownService {
  if (names.length === 0) return project;
  const selected = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (selected.has(name)) continue;
    const service = project.services[name];
    if (service === undefined) {
      if (names.includes(name)) return { unknown: name };
      continue;
    }
    selected.add(name);
    if (policy === 'include') {
      for (const [needed, { required }] of Object.entries(service.depends_on ?? {})) {
        if (project.services[needed] !== undefined) open.push(needed);
        else if (required) return { unknown: needed };
      }
    } else if (policy === 'dependents') open.push(...dependentsOf(project.services, name));
  }
  const services: Record<string, Service> = Object.create(null);
  const disabledServices: Record<string, Service> = Object.assign(Object.create(null), project.disabledServices);
  for (const name of Object.keys(project.services)) {
    const service = project.services[name]!;
    if (selected.has(name)) services[name] = withDependenciesIn(service, selected);
    else disabledServices[name] = service;
  }
  return { ...project, services, disabledServices };
}

function withDependenciesIn(service: Service, kept: ReadonlySet<string>): Service {
  const { depends_on: needed } = service;
  if (needed === undefined || Object.keys(needed).every((name) => kept.has(name))) return service;
  const left = Object.entries(needed).filter(([name]) => kept.has(name));
  const { depends_on: _dropped, ...rest } = service;
  return left.length === 0 ? rest : { ...rest, depends_on: named(left) };
}

/** Active and disabled services, sorted by name. */
export function allServices(project: Project): Named<Service> {
  return named([...Object.entries(project.services), ...Object.entries(project.disabledServices)].sort(byName));
}

function byName(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : 0;
}

function named<Value>(entries: readonly (readonly [string, Value])[]): Named<Value> {
  const result: Record<string, Value> = Object.create(null);
  for (const [name, value] of entries) result[name] = value;
  return result;
}

/** The project without networks, volumes, secrets, configs and models that no active service uses. */
export function withoutUnusedResources(project: Project): Project {
  const used = { networks: new Set<string>(), volumes: new Set<string>(), secrets: new Set<string>() };
  const configs = new Set<string>();
  const models = new Set<string>();
  for (const service of Object.values(project.services)) {
    for (const key of Object.keys(service.networks ?? {})) used.networks.add(key);
    for (const volume of service.volumes ?? []) {
      if (volume.type === 'volume' && volume.source !== undefined) used.volumes.add(volume.source);
    }
    for (const secret of [...(service.secrets ?? []), ...(service.build?.secrets ?? [])]) {
      used.secrets.add(secret.source ?? '');
    }
    for (const config of service.configs ?? []) configs.add(config.source ?? '');
    for (const key of Object.keys(service.models ?? {})) models.add(key);
  }
  return {
    ...project,
    networks: only(project.networks, used.networks),
    volumes: only(project.volumes, used.volumes),
    secrets: only(project.secrets, used.secrets),
    configs: only(project.configs, configs),
    models: only(project.models, models),
  };
}

function only<Value>(resources: Named<Value>, keys: ReadonlySet<string>): Named<Value> {
  return named(Object.entries(resources).filter(([key]) => keys.has(key)));
}
