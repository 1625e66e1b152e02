import { ComposeError } from '../diagnostics/compose-error.ts';
import type { DiagnosticCode, Path } from '../diagnostics/diagnostic.ts';
import type { Project } from '../model/project.ts';
import type { Service } from '../model/service.ts';
import { findCycle } from './graph.ts';

type Report = (code: DiagnosticCode, message: string, path: Path) => void;

/** What makes the active part of a project contradict itself, each with its place in the model. */
export function checkConsistency(project: Project): ComposeError[] {
  const errors: ComposeError[] = [];
  const report: Report = (code, message, path) => errors.push(new ComposeError(code, message, { path }));
  for (const [name, service] of Object.entries(project.services)) {
    const at: Path = ['services', name];
    checkImage(project, name, service, at, report);
    checkReferences(project, name, service, at, report);
    checkLimits(name, service, at, report);
    checkScale(name, service, at, report);
    checkMounts(name, service, at, report);
    const test = service.healthcheck?.test?.[0];
    if (test !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(test)) {
      report('consistency', `the health check of ${name} must begin with CMD, CMD-SHELL or NONE`, [
        ...at,
        'healthcheck',
        'test',
      ]);
    }
    for (const [index, watch] of (service.develop?.watch ?? []).entries()) {
      if (watch.target === undefined && watch.action !== 'rebuild' && watch.action !== 'restart') {
        report('consistency', `${name} watches ${watch.path} to ${watch.action} it, so it needs a target`, [
          ...at,
          'develop',
          'watch',
          index,
        ]);
      }
    }
  }
  for (const [name, secret] of Object.entries(project.secrets)) {
    if (secret.external !== true && secret.file === undefined && secret.environment === undefined) {
      report('consistency', `the secret ${name} needs a file or the name of a variable`, ['secrets', name]);
    }
  }
  if (errors.length === 0) {
    const cycle = findCycle(project.services);
    if (cycle !== undefined) {
      report('cycle', `the services depend on each other in a circle: ${cycle.join(' -> ')}`, [
        'services',
        cycle[0]!,
        'depends_on',
        cycle[1]!,
      ]);
    }
  }
  return errors;
}

function checkImage(project: Project, name: string, service: Service, at: Path, report: Report): void {
  const { build } = service;
  if (build === undefined) {
    if (service.image === undefined && service.provider === undefined) {
      report('consistency', `the service ${name} has neither an image nor a build`, at);
    }
    return;
  }
  if (build.dockerfile !== undefined && build.dockerfile_inline !== undefined) {
    report('consistency', `the build of ${name} can have only one of dockerfile and dockerfile_inline`, [
      ...at,
      'build',
    ]);
  }
  for (const [key, context] of Object.entries(build.additional_contexts ?? {})) {
    if (!context.startsWith('service:')) continue;
    const target = context.slice('service:'.length);
    const found = project.services[target];
    if (found?.build !== undefined) continue;
    report(
      'undefined-reference',
      found === undefined
        ? `the build of ${name} takes the service ${target} as a context, which is not there`
        : `the build of ${name} takes the service ${target} as a context, which is not built`,
      [...at, 'build', 'additional_contexts', key],
    );
  }
  const { platforms } = build;
  if (platforms !== undefined && service.platform !== undefined && !platforms.includes(service.platform)) {
    report('consistency', `the platforms of the build of ${name} must include its platform ${service.platform}`, [
      ...at,
      'build',
      'platforms',
    ]);
  }
}

function checkReferences(project: Project, name: string, service: Service, at: Path, report: Report): void {
  const undefinedReference = (kind: string, key: string, path: Path): void =>
    report('undefined-reference', `the service ${name} refers to the ${kind} ${key}, which is not declared`, path);
  if (service.network_mode !== undefined && service.networks !== undefined) {
    report('consistency', `the service ${name} can have only one of network_mode and networks`, [
      ...at,
      'network_mode',
    ]);
  }
  for (const key of Object.keys(service.networks ?? {})) {
    if (!Object.hasOwn(project.networks, key)) undefinedReference('network', key, [...at, 'networks', key]);
  }
  for (const [key, dependency] of Object.entries(service.depends_on ?? {})) {
    if (Object.hasOwn(project.services, key)) continue;
    const disabled = Object.hasOwn(project.disabledServices, key);
    if (disabled && !dependency.required) continue;
    const profiles = disabled ? (project.disabledServices[key]?.profiles ?? []) : [];
    report(
      'undefined-reference',
      disabled
        ? `the service ${name} depends on ${key}, which is active only with the profile ${profiles.join(' or ')}`
        : `the service ${name} depends on ${key}, which is not there`,
      [...at, 'depends_on', key],
    );
  }
  for (const [index, volume] of (service.volumes ?? []).entries()) {
    if (volume.type === 'volume' && volume.source !== undefined && !Object.hasOwn(project.volumes, volume.source)) {
      undefinedReference('volume', volume.source, [...at, 'volumes', index]);
    }
  }
  for (const [index, secret] of (service.build?.secrets ?? []).entries()) {
    if (!Object.hasOwn(project.secrets, secret.source ?? '')) {
      undefinedReference('secret', secret.source ?? '', [...at, 'build', 'secrets', index]);
    }
  }
  for (const [index, secret] of (service.secrets ?? []).entries()) {
    if (!Object.hasOwn(project.secrets, secret.source ?? '')) {
      undefinedReference('secret', secret.source ?? '', [...at, 'secrets', index]);
    }
  }
  for (const [index, config] of (service.configs ?? []).entries()) {
    if (!Object.hasOwn(project.configs, config.source ?? '')) {
      undefinedReference('config', config.source ?? '', [...at, 'configs', index]);
    }
  }
  for (const key of Object.keys(service.models ?? {})) {
    if (!Object.hasOwn(project.models, key)) undefinedReference('model', key, [...at, 'models', key]);
  }
}

/** Two keys for one limit must agree. */
function checkLimits(name: string, service: Service, at: Path, report: Report): void {
  const differ = (left: string, right: string): void =>
    report('consistency', `${left} and deploy.resources.${right} of ${name} must be the same`, [...at, left]);
  const limits = service.deploy?.resources.limits;
  const reservations = service.deploy?.resources.reservations;
  if (limits !== undefined) {
    if (service.cpus !== undefined && limits.cpus !== service.cpus) differ('cpus', 'limits.cpus');
    if (service.mem_limit !== undefined && limits.memory !== service.mem_limit) differ('mem_limit', 'limits.memory');
    if (service.pids_limit !== undefined && limits.pids !== service.pids_limit) differ('pids_limit', 'limits.pids');
  }
  if (
    reservations !== undefined &&
    service.mem_reservation !== undefined &&
    reservations.memory !== service.mem_reservation
  ) {
    differ('mem_reservation', 'reservations.memory');
  }
}

function checkScale(name: string, service: Service, at: Path, report: Report): void {
  const { scale } = service;
  const replicas = service.deploy?.replicas;
  if (scale !== undefined && replicas !== undefined && scale !== replicas) {
    report('consistency', `scale and deploy.replicas of ${name} must be the same`, [...at, 'scale']);
  }
  if (scale !== undefined && scale < 0) {
    report('consistency', `the scale of ${name} cannot be negative`, [...at, 'scale']);
  }
  if (replicas !== undefined && replicas < 0) {
    report('consistency', `the replicas of ${name} cannot be negative`, [...at, 'deploy', 'replicas']);
  }
  if (service.container_name !== undefined && (scale ?? replicas ?? 1) > 1) {
    report('consistency', `${name} has a container_name, so it can have only one container`, [...at, 'container_name']);
  }
}

function checkMounts(name: string, service: Service, at: Path, report: Report): void {
  const taken = new Set<string>();
  const take = (target: string, path: Path): void => {
    if (taken.has(target)) report('consistency', `${name} mounts two things at ${target}`, path);
    taken.add(target);
  };
  for (const [index, tmpfs] of (service.tmpfs ?? []).entries()) take(tmpfs.split(':')[0]!, [...at, 'tmpfs', index]);
  for (const [index, volume] of (service.volumes ?? []).entries()) take(volume.target ?? '', [...at, 'volumes', index]);
}

/** Containers whose fixed names collide. */
export function checkContainerNames(project: Project): ComposeError[] {
  const errors: ComposeError[] = [];
  const owners = new Map<string, string>();
  for (const [name, service] of Object.entries(project.services)) {
    if (service.container_name === undefined) continue;
    const owner = owners.get(service.container_name);
    if (owner !== undefined) {
      errors.push(
        new ComposeError('consistency', `${name} and ${owner} have the same container_name ${service.container_name}`, {
          path: ['services', name, 'container_name'],
        }),
      );
    }
    owners.set(service.container_name, name);
  }
  return errors;
}
