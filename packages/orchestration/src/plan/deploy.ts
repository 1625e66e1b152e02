import type { Service } from '@drover/compose';
import type { Desired } from '../model/desired.ts';
import { withHookImages } from '../model/hook-image.ts';
import { composeLabel, droverLabel } from '../model/labels.ts';
import type { Observed, ObservedContainer } from '../model/observed.ts';
import type { CheckedContainer, OperationId } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanOptions } from '../model/plan-options.ts';
import { isUp, nameOf } from './candidates.ts';
import { decideProject, type ProjectDecision } from './decide-project.ts';
import { dependenciesOf } from './dependencies.ts';
import { Conditions } from './emit/conditions.ts';
import { emitPrepare } from './emit/containers.ts';
import { type Emitter, emitRemove, emitStop } from './emit/emitter.ts';
import { orderNamedContainers } from './emit/named-containers.ts';
import { emitResources } from './emit/resources.ts';
import { emitService, type PreparedService, type Restart } from './emit/services.ts';
import { findConflicts } from './foreign-conflicts.ts';
import { hasHealthCheck } from './has-health-check.ts';
import { judgeKeys, noteAccepted } from './judge-keys.ts';
import { OperationBuilder } from './operation-builder.ts';
import { Findings } from './problems.ts';
import { serviceChanges } from './service-changes.ts';

/**
 * What to do so that `desired` stands. Throws `PlanError` with every reason why that cannot be.
 *
 * Everything new is made before anything stops; what is replaced is stopped, and removed only after everything was found
 * good. So whatever ends a run midway, the containers of the revision before are still there, and planning for that
 * revision finds and starts them.
 */
export function planDeploy(desired: Desired, observed: Observed, options: PlanOptions = {}): Plan {
  const findings = new Findings(desired.provenance);
  judgeKeys(desired.project, observed.engine, findings);
  noteAccepted(desired.accepted ?? [], findings);
  const decision = decideProject(desired, observed, options, findings);
  findConflicts(desired.project, decision.services, observed, findings);
  findings.settle(desired.identity.name);
  const orphans = findOrphans(desired, observed, options, findings);
  const operations = emitDeploy(desired, observed, options, decision, orphans).finish();
  return {
    project: desired.identity.name,
    operations,
    services: serviceChanges(decision, orphans, operations),
    notices: findings.notices,
  };
}

function emitDeploy(
  desired: Desired,
  observed: Observed,
  options: PlanOptions,
  decision: ProjectDecision,
  orphans: readonly ObservedContainer[],
): OperationBuilder {
  const builder = new OperationBuilder();
  const emitter: Emitter = {
    builder,
    observed,
    options,
    networkOps: new Map(),
    volumeOps: new Map(),
    stops: new Map(),
  };
  emitResources(emitter, decision.networks, decision.volumes);
  const services = prepareServices(desired, decision, emitter);
  orderNamedContainers(emitter, services);
  const project = desired.identity.name;

  const restarts = restartsOf(services);
  const interrupts = orphans.some(isUp) || services.some(replacesRunning) || restarts.size > 0;
  const made = services.flatMap(({ slots }) => slots.flatMap(({ prepared }) => prepared));
  const prepared =
    interrupts && made.length > 0
      ? builder.add(
          'gate',
          {},
          {
            target: project,
            variant: 'prepared',
            causes: ['everything new is made before anything stops'],
            impact: 'none',
            after: made,
          },
        )
      : undefined;
  const orphanStops = orphans.map((container) =>
    emitStop(emitter, {
      container,
      serviceName: serviceOf(container),
      cause: orphanCause(container),
      impact: 'removed',
      after: [prepared],
    }),
  );
  const cleared = orphanStops.some((id) => id !== undefined)
    ? builder.add(
        'gate',
        {},
        {
          target: project,
          variant: 'cleared',
          causes: ['what may be in the way is stopped'],
          impact: 'none',
          after: orphanStops,
        },
      )
    : undefined;

  const conditions = new Conditions(emitter, requiredServices(desired, options));
  const checked: CheckedContainer[] = [];
  for (const service of services) {
    checked.push(...emitService({ emitter, conditions, prepared, cleared, restarts }, service));
  }
  const everything = builder.leaves();
  const check =
    checked.length > 0
      ? builder.add(
          'check',
          { containers: checked },
          { target: project, causes: ['what was started must still run'], impact: 'none', after: everything },
        )
      : undefined;
  emitCommit(emitter, decision, orphans, check === undefined ? everything : [check]);
  return builder;
}

function prepareServices(desired: Desired, decision: ProjectDecision, emitter: Emitter): PreparedService[] {
  return decision.services.map((serviceDecision) => {
    const { name, slots } = serviceDecision;
    const service = withHookImages(name, desired.project.services[name] as Service, desired.images);
    return {
      decision: serviceDecision,
      service,
      dependencies: dependenciesOf(service),
      checksHealth: hasHealthCheck(service, desired.images.get(name)),
      slots: slots.map((slot) => emitPrepare(emitter, { serviceName: name, slot, late: decision.late.get(name) })),
    };
  });
}

/** Services that restart, since what they depend on with `restart` is replaced. */
function restartsOf(services: readonly PreparedService[]): ReadonlyMap<string, Restart> {
  const replaced = new Map(
    services
      .filter(replacesAnything)
      .map(({ decision }) => [decision.name, decision.slots.flatMap(({ others }) => others)]),
  );
  const restarts = new Map<string, Restart>();
  for (const { decision, dependencies } of services) {
    const causes = dependencies.filter(({ on, restart }) => restart && replaced.has(on)).map(({ on }) => on);
    if (causes.length === 0) continue;
    restarts.set(decision.name, {
      cause: `${causes.join(' and ')} ${causes.length === 1 ? 'is' : 'are'} replaced, and it asks to be restarted then`,
      replaced: causes.flatMap((name) => replaced.get(name) ?? []),
    });
  }
  return restarts;
}

function replacesAnything({ slots }: PreparedService): boolean {
  return slots.some(({ slot }) => slot.target.kind === 'new' && slot.others.length > 0);
}

function replacesRunning({ slots }: PreparedService): boolean {
  return slots.some(({ slot }) => slot.others.some(isUp));
}

/** Services whose conditions must hold, or the deploy fails. */
function requiredServices(desired: Desired, options: PlanOptions): ReadonlySet<string> {
  const services = Object.entries(desired.project.services);
  const required = services.flatMap(([, service]) =>
    dependenciesOf(service)
      .filter((dependency) => dependency.required)
      .map(({ on }) => on),
  );
  const all = options.wait === 'dependencies' ? [] : services.map(([name]) => name);
  return new Set([...required, ...all]);
}

/** What is no longer needed goes, now that everything else is found good. */
function emitCommit(
  emitter: Emitter,
  decision: ProjectDecision,
  orphans: readonly ObservedContainer[],
  after: readonly (OperationId | undefined)[],
): void {
  const { builder } = emitter;
  const removed = new Map<string, OperationId>();
  const remove = (container: ObservedContainer, service: string, cause: string): void => {
    const stop = emitStop(emitter, { container, serviceName: service, cause, impact: 'removed', after });
    removed.set(nameOf(container), emitRemove(emitter, container, { service, cause, after: [stop, ...after] }));
  };
  for (const container of orphans) remove(container, serviceOf(container), orphanCause(container));
  for (const { name, slots, surplus } of decision.services) {
    for (const container of surplus) remove(container, name, `${slots.length} of ${name} are wanted`);
    for (const { others, target } of slots) {
      const successor = target.kind === 'new' ? target.name : nameOf(target.container);
      for (const container of others) remove(container, name, `${successor} takes its place`);
    }
  }
  for (const { name, slots } of decision.services) {
    for (const { target, finalName } of slots) {
      const current = target.kind === 'new' ? target.name : nameOf(target.container);
      if (current === finalName) continue;
      const container =
        target.kind === 'new'
          ? { createdBy: `container-create ${current}`, name: current }
          : { id: target.container.Id, name: current };
      const causes = [`${finalName} is its name`];
      const notes = {
        target: current,
        service: name,
        causes,
        impact: 'none',
        after: [...after, removed.get(finalName)],
      } as const;
      builder.add('container-rename', { container, name: finalName }, notes);
    }
  }
  emitNetworkCleanup(emitter, decision, removed);
}

/** Networks that Drover made for the project and nothing of it uses any more. */
function emitNetworkCleanup(
  emitter: Emitter,
  decision: ProjectDecision,
  removed: ReadonlyMap<string, OperationId>,
): void {
  const { builder, observed, options } = emitter;
  if (options.orphans === 'none' || options.services !== undefined) return;
  const wanted = new Set(decision.networks.map(({ name }) => name));
  for (const { Id, Name, Labels } of observed.networks) {
    if (
      Labels?.[composeLabel.project] !== observed.project ||
      Labels[droverLabel.revision] === undefined ||
      wanted.has(Name)
    )
      continue;
    const members = observed.containers.filter(({ NetworkSettings }) =>
      Object.hasOwn(NetworkSettings.Networks ?? {}, Name),
    );
    const guests = observed.foreign.some(({ networks }) => networks.includes(Name) || networks.includes(Id));
    if (guests || members.some((container) => !removed.has(nameOf(container)))) continue;
    const after = members.map((container) => removed.get(nameOf(container)));
    builder.add(
      'network-remove',
      { networkId: Id, name: Name },
      { target: Name, causes: ['nothing uses it any more'], impact: 'removed', after },
    );
  }
}

/** Containers of services that the project does not know, as far as they shall go and no others are selected. */
function findOrphans(
  desired: Desired,
  observed: Observed,
  options: PlanOptions,
  findings: Findings,
): readonly ObservedContainer[] {
  const { services, disabledServices } = desired.project;
  const policy = options.orphans ?? 'own';
  const orphans: ObservedContainer[] = [];
  for (const container of observed.containers) {
    const labels = container.Config.Labels ?? {};
    const service = labels[composeLabel.service] ?? '';
    const known = Object.hasOwn(services, service) || Object.hasOwn(disabledServices, service);
    if (labels[composeLabel.oneOff] === 'True' || known || container.State.Status === 'removing') continue;
    if (options.services !== undefined && !options.services.includes(service)) continue;
    if (policy === 'all' || (policy === 'own' && labels[droverLabel.revision] !== undefined)) orphans.push(container);
    else
      findings.notice(`the container ${nameOf(container)} belongs to no service of the project; it stays`, [
        'services',
      ]);
  }
  return orphans.sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

function orphanCause(container: ObservedContainer): string {
  return `the service ${serviceOf(container)} is not in the project`;
}

function serviceOf(container: ObservedContainer): string {
  return container.Config.Labels?.[composeLabel.service] ?? '';
}
