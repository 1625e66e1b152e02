import type { Project, Service } from '@drover/compose';
import { serviceHash } from '@drover/compose';
import type { Desired } from '../model/desired.ts';
import type { Observed, ObservedContainer } from '../model/observed.ts';
import type { ContainerRef, LateReferences } from '../model/operation.ts';
import type { PlanOptions } from '../model/plan-options.ts';
import { bestFirst, type Candidates, candidates, nameOf } from './candidates.ts';
import { decideService } from './decide-service.ts';
import { dependenciesOf, serviceOrder, wantedScale, withDependencies } from './dependencies.ts';
import { lookups } from './lookups.ts';
import type { Findings } from './problems.ts';
import { decideNetworks, type NetworkDecision } from './resources/networks.ts';
import { decideVolumes, type VolumeCreation } from './resources/volumes.ts';
import type { ServiceDecision } from './slot.ts';
import { asHashed, referencedServices, withReferences } from './spec/references.ts';
import { checkService } from './validate-service.ts';

/** Everything that is decided before a single operation is written. */
export interface ProjectDecision {
  readonly networks: readonly NetworkDecision[];
  readonly volumes: readonly VolumeCreation[];
  /** In the order of their dependencies. */
  readonly services: readonly ServiceDecision[];
  /** References that only the run of the plan resolves, by service. */
  readonly late: ReadonlyMap<string, LateReferences>;
  readonly standing: Candidates;
}

/** Decides about the networks, volumes and services that are concerned. */
export function decideProject(
  desired: Desired,
  observed: Observed,
  options: PlanOptions,
  findings: Findings,
): ProjectDecision {
  const { project } = desired;
  const { order, circle } = serviceOrder(project);
  if (circle.length > 0) {
    findings.problem('invalid', `the services ${circle.join(', ')} depend on each other in a circle`, [
      'services',
      circle[0] ?? '',
    ]);
  }
  const standing = candidates(observed);
  const selected = chooseServices(project, options, standing, findings);
  const concerned = order.filter((name) => selected.has(name));
  const used = usedResources(concerned.map((name) => project.services[name] as Service));
  const networks = decideNetworks(project, used.networks, observed, desired.revision, findings);
  const volumes = decideVolumes(project, used.volumes, observed, findings);
  const decided = new Map<string, ServiceDecision>();
  const late = new Map<string, LateReferences>();
  const shared = {
    desired,
    observed,
    options,
    lookups: lookups(observed, networks),
    freshNetworks: new Set(networks.filter(({ kind }) => kind !== 'keep').map(({ name }) => name)),
    holders: new Map(observed.containers.map((container) => [nameOf(container), container])),
    numbersOf: (name: string) =>
      decided.get(name)?.slots.map(({ number }) => number) ??
      [...(standing.get(name)?.keys() ?? [])].sort((a, b) => a - b),
  };
  const awaited = new Set(
    Object.values(project.services).flatMap((service) =>
      dependenciesOf(service)
        .filter(({ condition }) => condition === 'service_completed_successfully')
        .map(({ on }) => on),
    ),
  );
  for (const serviceName of concerned) {
    const service = project.services[serviceName] as Service;
    const scale = wantedScale(service, options.scale?.get(serviceName));
    const image = checkService({ desired, serviceName, service, scale }, findings);
    if (image === undefined) continue;
    const resolution = resolveReferences(serviceName, service, decided, standing, findings);
    const hashed = asHashed(resolution.service);
    const decision = decideService({
      ...shared,
      serviceName,
      service: resolution.service,
      image,
      configHash: serviceHash(hashed, desired),
      scale,
      standing: standing.get(serviceName) ?? new Map(),
      awaitedCompletion: awaited.has(serviceName),
    });
    decided.set(serviceName, decision);
    if (resolution.tokens.length > 0)
      late.set(serviceName, { tokens: resolution.tokens, service: hashed, defaultPlatform: desired.defaultPlatform });
  }
  return { networks, volumes, services: [...decided.values()], late, standing };
}

function chooseServices(
  project: Project,
  options: PlanOptions,
  standing: Candidates,
  findings: Findings,
): ReadonlySet<string> {
  if (options.services === undefined) return new Set(Object.keys(project.services));
  for (const name of options.services) {
    if (!Object.hasOwn(project.services, name) && !standing.has(name))
      findings.problem('invalid', `there is no service ${name}`, ['services']);
  }
  const known = options.services.filter((name) => Object.hasOwn(project.services, name));
  return options.withoutDependencies === true ? new Set(known) : withDependencies(project, known);
}

function usedResources(services: readonly Service[]): { networks: ReadonlySet<string>; volumes: ReadonlySet<string> } {
  const networks = new Set<string>();
  const volumes = new Set<string>();
  for (const service of services) {
    for (const key of service.network_mode ? [] : Object.keys(service.networks ?? {})) networks.add(key);
    for (const { type, source } of service.volumes ?? []) if (type === 'volume' && source) volumes.add(source);
  }
  return { networks, volumes };
}

interface Resolution {
  readonly service: Service;
  readonly tokens: LateReferences['tokens'];
}

/** Puts container ids in the place of service names; a token where the container is made by the plan itself. */
function resolveReferences(
  serviceName: string,
  service: Service,
  decided: ReadonlyMap<string, ServiceDecision>,
  standing: Candidates,
  findings: Findings,
): Resolution {
  const tokens = new Map<string, ContainerRef>();
  const ids = new Map<string, string>();
  for (const name of referencedServices(service)) {
    const slot = decided.get(name)?.slots[0];
    if (slot?.target.kind === 'new') {
      const token = `drover-container(${slot.target.name})`;
      tokens.set(token, { createdBy: `container-create ${slot.target.name}`, name: slot.target.name });
      ids.set(name, token);
      continue;
    }
    const container = slot?.target.kind === 'standing' ? slot.target.container : firstStanding(standing, name);
    if (container === undefined) {
      findings.problem('invalid', `${serviceName} shares something of ${name}, which has no container`, [
        'services',
        serviceName,
      ]);
    } else ids.set(name, container.Id);
  }
  return {
    service: withReferences(service, { containerOf: (name) => ids.get(name) ?? name }),
    tokens: [...tokens].map(([token, container]) => ({ token, container })),
  };
}

function firstStanding(standing: Candidates, name: string): ObservedContainer | undefined {
  const numbers = standing.get(name) ?? new Map<number, readonly ObservedContainer[]>();
  const first = [...numbers.keys()].sort((a, b) => a - b)[0];
  return first === undefined ? undefined : bestFirst(numbers.get(first) ?? [], '')[0];
}
