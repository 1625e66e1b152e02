import type { Project, Service } from '@drover/compose';
import { checksHealth } from '../model/health-test.ts';
import { composeLabel } from '../model/labels.ts';
import type { Observed, ObservedContainer } from '../model/observed.ts';
import type { CheckedContainer, OperationId } from '../model/operation.ts';
import type { Plan, ServiceChangeKind } from '../model/plan.ts';
import type { SelectionOptions } from '../model/plan-options.ts';
import { isUp, nameOf } from './candidates.ts';
import { Conditions } from './emit/conditions.ts';
import { emitStart } from './emit/containers.ts';
import { type Emitter, emitStop, refTo } from './emit/emitter.ts';
import { emitPreStart } from './emit/pre-start.ts';
import { OperationBuilder } from './operation-builder.ts';
import { staysEnded } from './spec/restart-policy.ts';
import { type StandingService, selectStanding, standingServices } from './standing-services.ts';

/** Stops what runs, dependents before what they depend on. The project, where its files are known, gives the hooks. */
export function planStop(observed: Observed, options: SelectionOptions = {}, project?: Project): Plan {
  const emitter = newEmitter(observed, options);
  const services = selectStanding(observed.project, standingServices(observed, project), options.services);
  stopInOrder(emitter, services, { cause: 'stopping was asked for', impact: 'stopped' });
  return finish(emitter, services, 'stopped');
}

/** Starts what stands and does not run, what others depend on first. */
export function planStart(observed: Observed, options: SelectionOptions = {}, project?: Project): Plan {
  const emitter = newEmitter(observed, options);
  const all = standingServices(observed, project);
  const services = selectStanding(observed.project, all, options.services);
  const conditions = new Conditions(emitter, new Set(all.map(({ name }) => name)));
  const checked: CheckedContainer[] = [];
  for (const standing of services) {
    const { name, containers, dependencies } = standing;
    const service = standing.service ?? unknownService;
    const idle = containers.filter((container) => !isUp(container) || container.State.Status === 'paused');
    const needs = idle.length > 0 ? conditions.before(dependencies) : [];
    const after = [...needs, ...preStartOf(emitter, name, service, containers, needs)];
    const slots = containers.map((container) => {
      const { Status, Health } = container.State;
      const starts = idle.includes(container);
      const started = starts ? emitIdleStart(emitter, name, service, container, after) : undefined;
      if (starts) checked.push(checkOf(standing, container));
      const healthyNow = !starts && Status === 'running' && Health?.Status === 'healthy';
      return { container: refTo(container), started, healthy: undefined, healthyNow, completedNow: false };
    });
    conditions.add({ name, service, checksHealth: checksItself(standing), slots });
  }
  emitCheck(emitter, checked);
  return finish(emitter, services, 'started');
}

/** Restarts what was asked for, and what asks to be restarted with it; each once what it depends on is as it must be. */
export function planRestart(observed: Observed, options: SelectionOptions = {}, project?: Project): Plan {
  const emitter = newEmitter(observed, options);
  const all = standingServices(observed, project);
  const named = new Set(selectStanding(observed.project, all, options.services).map(({ name }) => name));
  const conditions = new Conditions(emitter, new Set(all.map(({ name }) => name)));
  const restarted = new Set<string>();
  const checked: CheckedContainer[] = [];
  const services: StandingService[] = [];
  for (const service of all) {
    const { name, dependencies, containers } = service;
    const because = dependencies.filter(({ on, restart }) => restart && restarted.has(on)).map(({ on }) => on);
    if (!named.has(name) && because.length === 0) continue;
    services.push(service);
    restarted.add(name);
    const cause = named.has(name) ? 'restarting was asked for' : `${because.join(' and ')} is restarted`;
    const after = conditions.before(dependencies.filter(({ on }) => restarted.has(on)));
    const starts = emitRestarts(emitter, service, cause, after);
    const slots = containers.map((container, index) => ({
      container: refTo(container),
      started: starts[index],
      healthy: undefined,
      healthyNow: false,
      completedNow: false,
    }));
    conditions.add({ name, service: service.service ?? unknownService, checksHealth: checksItself(service), slots });
    for (const container of containers) checked.push(checkOf(service, container));
  }
  emitCheck(emitter, checked);
  return finish(emitter, services, 'restarted');
}

/** Stands in where the files are not known; nothing of it is read but hooks. */
const unknownService: Service = { command: null, entrypoint: null };

function checksItself({ containers }: StandingService): boolean {
  return checksHealth(containers[0]?.Config.Healthcheck?.Test);
}

function checkOf({ name, service }: StandingService, container: ObservedContainer): CheckedContainer {
  const mayComplete = service === undefined ? endsForGood(container) : staysEnded(service);
  return { container: refTo(container), service: name, mayComplete, checksHealth: false };
}

/** The last `pre_start` hook of a service of which nothing runs; its containers start after it. */
function preStartOf(
  { builder }: Emitter,
  serviceName: string,
  service: Service,
  containers: readonly ObservedContainer[],
  after: readonly OperationId[],
): OperationId[] {
  const [first] = containers;
  if (first === undefined || containers.some(isUp)) return [];
  const cause = 'starting was asked for';
  const hooks = emitPreStart(builder, { serviceName, service, container: refTo(first), cause, after });
  return hooks === undefined ? [] : [hooks.last];
}

function emitIdleStart(
  emitter: Emitter,
  serviceName: string,
  service: Service,
  container: ObservedContainer,
  after: readonly OperationId[],
): OperationId {
  const verb = container.State.Status === 'paused' ? 'unpause' : 'start';
  const causes = ['starting was asked for'];
  return emitStart(emitter, {
    serviceName,
    service,
    container: refTo(container),
    verb,
    causes,
    impact: 'started',
    after,
  });
}

function emitRestarts(
  emitter: Emitter,
  { name, service, containers }: StandingService,
  cause: string,
  after: readonly OperationId[],
): OperationId[] {
  const { builder, options } = emitter;
  return containers.map((container) => {
    const reference = refTo(container);
    const notes = { target: nameOf(container), service: name, causes: [cause] } as const;
    let before: readonly OperationId[] = after;
    const hook = (moment: 'post_start' | 'pre_stop', index: number): OperationId => {
      const command = service?.[moment]?.[index] ?? { command: null };
      const details = { container: reference, moment, hook: command };
      return builder.add('hook-run', details, {
        ...notes,
        impact: 'none',
        variant: `${moment} ${index + 1}`,
        after: before,
      });
    };
    const runs = container.State.Status === 'running';
    for (const index of runs ? (service?.pre_stop ?? []).keys() : []) before = [hook('pre_stop', index)];
    const timeout = options.stopTimeout === undefined ? {} : { timeout: options.stopTimeout };
    const details = { container: reference, ...timeout };
    let last = builder.add('container-restart', details, { ...notes, impact: 'restarted', after: before });
    for (const index of (service?.post_start ?? []).keys()) {
      before = [last];
      last = hook('post_start', index);
    }
    return last;
  });
}

export interface StopNotes {
  readonly cause: string;
  readonly impact: 'stopped' | 'removed';
}

/** Stops services, each after those that depend on it. Answers the stops by service. */
export function stopInOrder(
  emitter: Emitter,
  services: readonly StandingService[],
  { cause, impact }: StopNotes,
): ReadonlyMap<string, readonly OperationId[]> {
  const stopped = new Map<string, readonly OperationId[]>();
  const dependents = dependentsByService(services);
  for (const { name, service, containers, leftovers } of [...services].reverse()) {
    const before = (dependents.get(name) ?? []).flatMap((dependent) => stopped.get(dependent) ?? []);
    const after = gateOf(emitter, name, 'free', before);
    const stops = [...containers, ...leftovers].map((container) =>
      emitStop(emitter, { container, serviceName: name, service, cause, impact, after }),
    );
    const own = stops.filter((id) => id !== undefined);
    stopped.set(name, own.length > 0 ? own : after);
  }
  return stopped;
}

/** The names of the services that depend on each. */
export function dependentsByService(services: readonly StandingService[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { name, dependencies } of services) {
    for (const { on } of dependencies) {
      const list = dependents.get(on) ?? [];
      list.push(name);
      dependents.set(on, list);
    }
  }
  return dependents;
}

/** Many operations as one, so that plans stay linear in their services. */
export function gateOf(
  emitter: Emitter,
  name: string,
  variant: string,
  after: readonly OperationId[],
): readonly OperationId[] {
  if (after.length <= 1) return after;
  const causes = [`what ${name} waits for is done`];
  return [emitter.builder.add('gate', {}, { target: name, service: name, variant, causes, impact: 'none', after })];
}

export function newEmitter(observed: Observed, options: SelectionOptions): Emitter {
  const builder = new OperationBuilder();
  return { builder, observed, options, networkOps: new Map(), volumeOps: new Map(), stops: new Map() };
}

/** The plan; services that nothing happens to are left out. */
export function finish(emitter: Emitter, services: readonly StandingService[], change: ServiceChangeKind): Plan {
  const operations = emitter.builder.finish();
  const touched = new Map(
    operations.filter(({ kind }) => kind !== 'gate').map(({ service, causes }) => [service, causes]),
  );
  return {
    project: emitter.observed.project,
    operations,
    services: services
      .filter(({ name }) => touched.has(name))
      .map(({ name }) => ({ service: name, change, causes: touched.get(name) ?? [] }))
      .sort((a, b) => (a.service < b.service ? -1 : 1)),
    notices: [],
  };
}

function emitCheck({ builder, observed }: Emitter, containers: readonly CheckedContainer[]): void {
  if (containers.length === 0) return;
  const causes = ['what was started must still run'];
  builder.add('check', { containers }, { target: observed.project, causes, impact: 'none', after: builder.leaves() });
}

/** Whether the container, once it ended with code 0, is meant to stay so. */
function endsForGood({ HostConfig, Config }: ObservedContainer): boolean {
  const policy = HostConfig.RestartPolicy?.Name || 'no';
  return Config.Labels?.[composeLabel.oneOff] !== 'True' && (policy === 'no' || policy === 'on-failure');
}
