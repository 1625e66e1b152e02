import type { Operation, OperationId } from '../../model/operation.ts';
import type { Plan } from '../../model/plan.ts';
import type { SwarmDesired } from '../../model/swarm/desired.ts';
import type { ObservedService, SwarmObserved } from '../../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../model/swarm/plan-options.ts';
import { dependenciesOf } from '../dependencies.ts';
import { noteAccepted } from '../judge-keys.ts';
import { OperationBuilder } from '../operation-builder.ts';
import { Findings } from '../problems.ts';
import { decideSwarm, type SwarmDecision } from './decide-swarm.ts';
import { emitServiceRemove } from './emit-service-remove.ts';
import { emitLeftovers, emitSwarmResources, emitSwarmService, type SwarmEmitter } from './emit-swarm.ts';
import { judgeSwarm, swarmFacts } from './judge-swarm.ts';
import { findLeftovers, keyOf, type Leftovers } from './leftovers.ts';
import { emitPinned, orderPinned } from './pinned/emit-pinned.ts';
import { pinnedGroups } from './pinned/pinned-set.ts';
import { type PinnedPlan, planPinned } from './pinned/plan-pinned.ts';
import type { SwarmServiceDecision } from './service-decision.ts';
import { ServiceWaits } from './service-waits.ts';
import { swarmServiceChanges } from './swarm-changes.ts';

/**
 * What to do so that `desired` stands on a Swarm. Throws `PlanError` with every reason why that cannot be.
 *
 * Networks, secrets and configs come first, then the services in the order of `depends_on`, each after those it depends on fulfil
 * their condition. What nothing wants any more goes last, so that whatever ends a run midway, the revision before has all it names.
 */
export function planSwarmDeploy(desired: SwarmDesired, observed: SwarmObserved, options: SwarmPlanOptions = {}): Plan {
  const findings = new Findings(desired.provenance);
  const byTable = new Set(judgeSwarm(desired.project, swarmFacts(desired, observed), findings).keys());
  const groups = pinnedGroups(desired.project, byTable);
  const pinned = new Set(groups.flat());
  noteAccepted(desired.accepted ?? [], findings);
  const decision = decideSwarm(desired, observed, options, pinned, findings);
  const leftovers = findLeftovers(desired, observed, options, decision, pinned, findings);
  const { networks, concerned } = decision;
  const concernedGroups = groups.filter((group) => group.some((name) => concerned.includes(name)));
  const onHosts = planPinned({ desired, observed, options, groups: concernedGroups, networks }, findings);
  findings.settle(desired.identity.name);
  const operations = emitDeploy(desired, observed, options, decision, leftovers, onHosts).finish();
  return {
    project: desired.identity.name,
    operations,
    services: swarmServiceChanges(observed.project, decision.services, leftovers.services, onHosts.services),
    notices: findings.notices,
  };
}

function emitDeploy(
  desired: SwarmDesired,
  observed: SwarmObserved,
  options: SwarmPlanOptions,
  decision: SwarmDecision,
  leftovers: Leftovers,
  onHosts: PinnedPlan,
): OperationBuilder {
  const builder = new OperationBuilder();
  const waits = new ServiceWaits(builder, observed, requiredServices(desired, options));
  const emitter: SwarmEmitter = {
    builder,
    waits,
    made: new Map(),
    released: new Map(),
    pinned: new Map(),
    completions: new Map(),
  };
  emitSwarmResources(emitter, decision);
  const needed = new Set([...decision.ports.values()].flatMap((names) => [...names]));
  // What becomes a pinned container makes room for it: the two would want the same name and data.
  const inTheWay = leftovers.services.filter(
    (standing) =>
      needed.has(standing.Spec.Name ?? '') ||
      Object.hasOwn(desired.project.services, keyOf(observed.project, standing)),
  );
  for (const standing of inTheWay) {
    const stays = Object.hasOwn(desired.project.services, keyOf(observed.project, standing));
    emitOrphan(emitter, observed, standing, [], stays);
  }
  emitPinned(emitter, onHosts.operations);
  const awaited: string[] = [];
  for (const service of decision.services) {
    emitSwarmService(emitter, service, { builder, images: desired.images, observed });
    if (isAwaited(service)) awaited.push(service.name);
  }
  for (const [name, holders] of decision.ports) {
    const taker = emitter.released.get(name);
    for (const holder of taker === undefined ? [] : holders)
      builder.order(emitter.released.get(holder), taker as string);
  }
  orderPinned(emitter, desired, onHosts.operations);
  const found = options.wait === 'dependencies' ? [] : awaited.flatMap((name) => waits.done(name));
  keepUntilGood(emitter, observed.project, onHosts.operations, found);
  emitCommit(emitter, observed, leftovers, inTheWay);
  return builder;
}

/** The containers that were replaced on hosts stay until the tasks of the Swarm are found good too. */
function keepUntilGood(
  { builder }: SwarmEmitter,
  project: string,
  operations: readonly Operation[],
  waits: readonly OperationId[],
): void {
  const removals = operations.filter(({ kind }) => kind === 'container-remove');
  if (removals.length === 0 || waits.length === 0) return;
  const causes = ['what is new must be found good before anything old goes'];
  const good = builder.add('gate', {}, { target: project, variant: 'tasks', causes, impact: 'none', after: waits });
  for (const { id } of removals) builder.order(good, id);
}

/** Whether there is something to wait for: its tasks change, or an earlier run left before they all ran. */
function isAwaited({ kind, replacesTasks, scaled }: SwarmServiceDecision): boolean {
  return kind === 'keep' || replacesTasks || scaled !== undefined;
}

/** Services whose conditions must hold, or the deploy fails. */
function requiredServices({ project }: SwarmDesired, options: SwarmPlanOptions): ReadonlySet<string> {
  const services = Object.entries(project.services);
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
  emitter: SwarmEmitter,
  observed: SwarmObserved,
  leftovers: Leftovers,
  gone: readonly ObservedService[],
): void {
  const { builder } = emitter;
  const rest = leftovers.services.filter((each) => !gone.includes(each));
  const { networks, secrets, configs } = leftovers;
  if (rest.length + networks.length + secrets.length + configs.length === 0) return;
  const everything = builder.leaves();
  const causes = ['what is new must be found good before anything old goes'];
  const good =
    everything.length < 2
      ? everything
      : [
          builder.add(
            'gate',
            {},
            { target: observed.project, variant: 'good', causes, impact: 'none', after: everything },
          ),
        ];
  const removed = rest.map((standing) => emitOrphan(emitter, observed, standing, good));
  emitLeftovers(builder, leftovers, ['nothing names it any more'], removed.length > 0 ? removed : good);
}

function emitOrphan(
  { builder, released }: SwarmEmitter,
  { project }: SwarmObserved,
  standing: ObservedService,
  after: readonly OperationId[],
  pinned = false,
): OperationId {
  const [name, service] = [standing.Spec.Name ?? '', keyOf(project, standing)];
  const causes = [
    pinned ? `${service} becomes a container pinned to a host` : `the service ${service} is not in the project`,
  ];
  const id = emitServiceRemove(builder, standing.ID, name, { service, causes, after });
  released.set(name, id);
  return id;
}
