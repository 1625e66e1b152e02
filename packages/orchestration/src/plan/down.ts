import type { Project } from '@drover/compose';
import { PlanError, type PlanProblem } from '../model/errors.ts';
import { composeLabel } from '../model/labels.ts';
import type { Observed } from '../model/observed.ts';
import type { OperationId } from '../model/operation.ts';
import { ownerOf } from '../model/owner.ts';
import type { Plan } from '../model/plan.ts';
import type { DownOptions } from '../model/plan-options.ts';
import { isUp } from './candidates.ts';
import { type Emitter, emitRemove, emitStop } from './emit/emitter.ts';
import { dependentsByService, finish, gateOf, newEmitter, stopInOrder } from './operate.ts';
import { selectStanding, standingServices } from './standing-services.ts';

const cause = 'taking down was asked for';

/**
 * Stops and removes the project's containers, dependents first, then its networks, and those of its volumes that are
 * named. Throws `PlanError` for a named volume that is not the project's.
 */
export function planDown(observed: Observed, options: DownOptions = {}, project?: Project): Plan {
  refuseForeignVolumes(observed, options.volumes ?? []);
  const emitter = newEmitter(observed, options);
  const services = selectStanding(observed.project, standingServices(observed, project), options.services);
  // A removal kills what still runs, which is all that a stop without grace would do.
  const gently = options.stopTimeout !== 0;
  const stopped = gently ? stopInOrder(emitter, services, { cause, impact: 'removed' }) : new Map();
  const removed = new Map<string, OperationId>();
  const removedOf = new Map<string, OperationId[]>();
  const dependents = dependentsByService(services);
  for (const { name, containers, leftovers } of [...services].reverse()) {
    const others = (dependents.get(name) ?? []).flatMap((other) => removedOf.get(other) ?? []);
    const before = gently ? [] : gateOf(emitter, name, 'free', others);
    const own = [...containers, ...leftovers].map((container) => {
      const after = gently ? [emitter.stops.get(container.Id) ?? stopped.get(name)?.[0]] : before;
      const id = emitRemove(emitter, container, { service: name, cause, after });
      removed.set(container.Id, id);
      return id;
    });
    removedOf.set(name, own);
  }
  if (options.services === undefined) {
    for (const container of observed.containers) {
      if (removed.has(container.Id) || container.State.Status === 'removing') continue;
      const stop = gently && isUp(container) ? emitStop(emitter, { container, cause, impact: 'removed' }) : undefined;
      removed.set(container.Id, emitRemove(emitter, container, { cause, after: [stop] }));
    }
    if (options.networks !== false) removeNetworks(emitter, removed);
  }
  removeVolumes(emitter, options.volumes ?? [], removed);
  return finish(emitter, services, 'removed');
}

function removeNetworks({ builder, observed }: Emitter, removed: ReadonlyMap<string, OperationId>): void {
  for (const { Id, Name, Labels } of observed.networks) {
    if (Labels?.[composeLabel.project] !== observed.project) continue;
    const guests = observed.foreign.filter(
      ({ networks, running }) => running && (networks.includes(Name) || networks.includes(Id)),
    );
    if (guests.length > 0) continue;
    const members = observed.containers.filter(({ NetworkSettings }) =>
      Object.hasOwn(NetworkSettings.Networks ?? {}, Name),
    );
    const after = members.map((container) => removed.get(container.Id));
    builder.add(
      'network-remove',
      { networkId: Id, name: Name },
      { target: Name, causes: [cause], impact: 'removed', after },
    );
  }
}

function removeVolumes(
  { builder, observed }: Emitter,
  names: readonly string[],
  removed: ReadonlyMap<string, OperationId>,
): void {
  for (const name of [...new Set(names)].sort()) {
    const users = observed.containers.filter(({ Mounts }) => Mounts.some((mount) => mount.Name === name));
    const after = users.map((container) => removed.get(container.Id));
    const notes = {
      target: name,
      causes: ['its removal, with its data, was asked for by name'],
      impact: 'data-loss',
      after,
    } as const;
    builder.add('volume-remove', { name }, notes);
  }
}

function refuseForeignVolumes(observed: Observed, names: readonly string[]): void {
  const own = new Set(
    observed.volumes.filter(({ Labels }) => ownerOf(Labels) === observed.project).map(({ Name }) => Name),
  );
  const problems = names
    .filter((name) => !own.has(name))
    .map(
      (name): PlanProblem => ({ code: 'foreign-volume', message: `the volume ${name} is not one of this project's` }),
    );
  if (problems.length > 0) throw new PlanError(observed.project, problems);
}
