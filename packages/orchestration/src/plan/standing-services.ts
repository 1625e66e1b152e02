import type { DependencyCondition, Project, Service } from '@drover/compose';
import { PlanError } from '../model/errors.ts';
import { composeLabel } from '../model/labels.ts';
import type { Observed, ObservedContainer } from '../model/observed.ts';
import { bestFirst, candidates } from './candidates.ts';
import { type Dependency, dependenciesOf } from './dependencies.ts';

/** A service as its containers tell of it; the files, where they are known, tell more. */
export interface StandingService {
  readonly name: string;
  readonly service: Service | undefined;
  /** One a slot, by number. */
  readonly containers: readonly ObservedContainer[];
  /** What earlier deploys left in the slots. */
  readonly leftovers: readonly ObservedContainer[];
  readonly dependencies: readonly Dependency[];
}

/** The project's services that have containers, each after what it depends on. */
export function standingServices(observed: Observed, project: Project | undefined): StandingService[] {
  const services = new Map<string, StandingService>();
  for (const [name, slots] of candidates(observed)) {
    const service = project !== undefined && Object.hasOwn(project.services, name) ? project.services[name] : undefined;
    const ranked = [...slots].sort(([a], [b]) => a - b).map(([, containers]) => bestFirst(containers, ''));
    const containers = ranked.flatMap(([best]) => (best === undefined ? [] : [best]));
    services.set(name, {
      name,
      service,
      containers,
      leftovers: ranked.flatMap(([, ...rest]) => rest),
      dependencies: service === undefined ? labelledDependencies(containers) : dependenciesOf(service),
    });
  }
  return inOrder(services);
}

/** Those of the services that were asked for; all when none were. Throws `PlanError` for one that has no containers. */
export function selectStanding(
  project: string,
  services: readonly StandingService[],
  names: readonly string[] | undefined,
): readonly StandingService[] {
  if (names === undefined) return services;
  const missing = names.filter((name) => !services.some((service) => service.name === name));
  if (missing.length > 0) {
    throw new PlanError(
      project,
      missing.map((service) => ({ code: 'invalid', message: `the service ${service} has no containers`, service })),
    );
  }
  return services.filter(({ name }) => names.includes(name));
}

/** `db:service_healthy:true,cache:service_started:false`, as the label has it. */
function labelledDependencies(containers: readonly ObservedContainer[]): Dependency[] {
  const label = containers[0]?.Config.Labels?.[composeLabel.dependsOn] ?? '';
  return label
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [on = '', condition = 'service_started', restart = 'false'] = part.split(':');
      return { on, condition: condition as DependencyCondition, restart: restart === 'true', required: true };
    })
    .sort((a, b) => (a.on < b.on ? -1 : 1));
}

function inOrder(services: ReadonlyMap<string, StandingService>): StandingService[] {
  const ordered = new Map<string, StandingService>();
  const waiting = [...services.keys()].sort();
  // A circle can only come from labels that somebody wrote; then the rest goes by name.
  for (let progress = true; progress; ) {
    progress = false;
    for (const name of waiting) {
      const service = services.get(name);
      if (service === undefined || ordered.has(name)) continue;
      if (service.dependencies.some(({ on }) => services.has(on) && !ordered.has(on))) continue;
      ordered.set(name, service);
      progress = true;
    }
  }
  for (const name of waiting) {
    const service = services.get(name);
    if (service !== undefined && !ordered.has(name)) ordered.set(name, { ...service, dependencies: [] });
  }
  return [...ordered.values()];
}
