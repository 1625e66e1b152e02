import type { Impact, OperationId } from '../../model/operation.ts';
import { dependenciesOf } from '../dependencies.ts';
import type { OperationBuilder } from '../operation-builder.ts';
import { registryOf } from './compare/image-reference.ts';
import type { SwarmDecision } from './decide-swarm.ts';
import { emitPreStartJobs, type PreStartContext } from './emit-pre-start.ts';
import { emitServiceRemove } from './emit-service-remove.ts';
import type { Leftovers } from './leftovers.ts';
import { type PinnedStart, pinnedBefore } from './pinned/emit-pinned.ts';
import type { FileCreation } from './resources/files.ts';
import type { SwarmNetworkDecision } from './resources/networks.ts';
import type { SwarmServiceDecision } from './service-decision.ts';
import type { ServiceWaits } from './service-waits.ts';

/** What the operations of one plan share while they are written. */
export interface SwarmEmitter {
  readonly builder: OperationBuilder;
  readonly waits: ServiceWaits;
  /** By the name of the network, secret or config: what makes it. */
  readonly made: Map<string, OperationId>;
  /** By the Swarm's name of a service: the operation after which it has given up what it held. */
  readonly released: Map<string, OperationId>;
  /** By the key of a pinned service: what is done for it on each host. */
  readonly pinned: Map<string, readonly PinnedStart[]>;
  /** Waits for pinned services to complete, by service and host. */
  readonly completions: Map<string, OperationId>;
}

/** Writes the networks that are missing; answers what makes each, by its name. */
export function emitSwarmNetworks(
  builder: OperationBuilder,
  networks: readonly SwarmNetworkDecision[],
): ReadonlyMap<string, OperationId> {
  const made = new Map<string, OperationId>();
  for (const { key, name, body } of networks) {
    if (body === undefined) continue;
    const notes = { target: name, causes: ['network is missing'], impact: 'created' } as const;
    made.set(name, builder.add('network-create', { network: key, body }, notes));
  }
  return made;
}

export function emitSwarmResources({ builder, made }: SwarmEmitter, decision: SwarmDecision): void {
  for (const [name, id] of emitSwarmNetworks(builder, decision.networks)) made.set(name, id);
  for (const creation of [...decision.secrets.creations, ...decision.configs.creations]) {
    made.set(creation.body.Name, emitFile(builder, creation));
  }
}

function emitFile(builder: OperationBuilder, { kind, key, body, cause }: FileCreation): OperationId {
  const notes = { target: body.Name, causes: [cause], impact: 'created' } as const;
  if (kind === 'secret') return builder.add('secret-create', { secret: key, body }, notes);
  const { Driver: _, ...config } = body;
  return builder.add('config-create', { config: key, body: config }, notes);
}

/** Writes what one service needs; answers the operation that makes its version, or undefined where it stands as it should. */
export function emitSwarmService(
  emitter: SwarmEmitter,
  decision: SwarmServiceDecision,
  hooks: PreStartContext,
): OperationId | undefined {
  const { builder, waits, released } = emitter;
  const { kind, name, spec, standing, causes } = decision;
  const target = spec.Name ?? name;
  const registry = registryOf(decision.image.pinned);
  if (kind === 'keep') {
    waits.add(decision, undefined);
    return undefined;
  }
  const needed = [
    ...neededBy(emitter, decision),
    ...waits.before(dependenciesOf(decision.service)),
    ...pinnedBefore(emitter, dependenciesOf(decision.service)),
  ];
  const after = decision.replacesTasks ? emitPreStartJobs(hooks, decision, needed) : needed;
  const notes = { target, service: name, causes };
  let id: OperationId;
  if (kind === 'update' && standing !== undefined) {
    const details = { serviceId: standing.ID, version: standing.Version.Index, spec, registry };
    id = builder.add('service-update', details, { ...notes, impact: updateImpact(decision), after });
  } else {
    const removed =
      standing === undefined
        ? undefined
        : emitServiceRemove(builder, standing.ID, target, { service: name, causes, after });
    const impact = kind === 'remake' ? 'recreated' : 'created';
    id = builder.add('service-create', { spec, registry }, { ...notes, impact, after: [...after, removed] });
  }
  released.set(target, id);
  waits.add(decision, id);
  return id;
}

/** What the plan makes of the networks, secrets and configs that a service names. */
function neededBy({ made }: SwarmEmitter, { spec }: SwarmServiceDecision): (OperationId | undefined)[] {
  const { ContainerSpec, Networks } = spec.TaskTemplate ?? {};
  return [
    ...(Networks ?? []).map(({ Target }) => Target),
    ...(ContainerSpec?.Secrets ?? []).map(({ SecretName }) => SecretName),
    ...(ContainerSpec?.Configs ?? []).map(({ ConfigName }) => ConfigName),
  ].map((name) => made.get(name ?? ''));
}

function updateImpact({ replacesTasks, scaled }: SwarmServiceDecision): Impact {
  if (replacesTasks) return 'recreated';
  if (scaled === undefined) return 'none';
  return scaled.to > scaled.from ? 'started' : 'stopped';
}

/** Removes what is left over; networks, secrets and configs after the services, which may name them. */
export function emitLeftovers(
  builder: OperationBuilder,
  { networks, secrets, configs }: Leftovers,
  causes: readonly string[],
  after: readonly (OperationId | undefined)[],
): void {
  const notes = (target: string) => ({ target, causes, impact: 'removed', after }) as const;
  for (const { Id, Name } of byName(networks, ({ Name }) => Name)) {
    builder.add('network-remove', { networkId: Id, name: Name }, notes(Name));
  }
  for (const { ID, Spec } of byName(secrets, ({ Spec }) => Spec.Name)) {
    builder.add('secret-remove', { secretId: ID, name: Spec.Name }, notes(Spec.Name));
  }
  for (const { ID, Spec } of byName(configs, ({ Spec }) => Spec.Name)) {
    builder.add('config-remove', { configId: ID, name: Spec.Name }, notes(Spec.Name));
  }
}

function byName<Item>(items: readonly Item[], name: (item: Item) => string): Item[] {
  return [...items].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
