import type { OperationId } from '../../model/operation.ts';
import type { Plan } from '../../model/plan.ts';
import type { SwarmDesired } from '../../model/swarm/desired.ts';
import type { ObservedService, SwarmObserved } from '../../model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../model/swarm/plan-options.ts';
import { dependenciesOf } from '../dependencies.ts';
import { noteAccepted } from '../judge-keys.ts';
import { OperationBuilder } from '../operation-builder.ts';
import { Findings } from '../problems.ts';
import { decideSwarm, type SwarmDecision } from './decide-swarm.ts';
import {
  emitLeftovers,
  emitServiceRemove,
  emitSwarmResources,
  emitSwarmService,
  type SwarmEmitter,
} from './emit-swarm.ts';
import { judgeSwarm, swarmFacts } from './judge-swarm.ts';
import { findLeftovers, keyOf, type Leftovers } from './leftovers.ts';
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
  const pinned = new Set(judgeSwarm(desired.project, swarmFacts(desired, observed), findings).keys());
  noteAccepted(desired.accepted ?? [], findings);
  const decision = decideSwarm(desired, observed, options, pinned, findings);
  const leftovers = findLeftovers(desired, observed, options, decision, pinned, findings);
  findings.settle(desired.identity.name);
  const operations = emitDeploy(desired, observed, options, decision, leftovers).finish();
  return {
    project: desired.identity.name,
    operations,
    services: swarmServiceChanges(observed.project, decision.services, leftovers.services),
    notices: findings.notices,
  };
}

function emitDeploy(
  desired: SwarmDesired,
  observed: SwarmObserved,
  options: SwarmPlanOptions,
  decision: SwarmDecision,
  leftovers: Leftovers,
): OperationBuilder {
  const builder = new OperationBuilder();
  const waits = new ServiceWaits(builder, observed, requiredServices(desired, options));
  const emitter: SwarmEmitter = { builder, waits, made: new Map(), released: new Map(), pinned: new Map() };
  emitSwarmResources(emitter, decision);
  const needed = new Set([...decision.ports.values()].flatMap((names) => [...names]));
  const inTheWay = leftovers.services.filter(({ Spec }) => needed.has(Spec.Name ?? ''));
  for (const standing of inTheWay) emitOrphan(emitter, observed, standing, []);
  const awaited: string[] = [];
  for (const service of decision.services) {
    emitSwarmService(emitter, service, []);
    if (isAwaited(service)) awaited.push(service.name);
  }
  for (const [name, holders] of decision.ports) {
    const taker = emitter.released.get(name);
    for (const holder of taker === undefined ? [] : holders)
      builder.order(emitter.released.get(holder), taker as string);
  }
  if (options.wait !== 'dependencies') for (const name of awaited) waits.done(name);
  emitCommit(emitter, observed, leftovers, inTheWay);
  return builder;
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
): OperationId {
  const [name, service] = [standing.Spec.Name ?? '', keyOf(project, standing)];
  const causes = [`the service ${service} is not in the project`];
  const id = emitServiceRemove(builder, standing.ID, name, { service, causes, after });
  released.set(name, id);
  return id;
}
