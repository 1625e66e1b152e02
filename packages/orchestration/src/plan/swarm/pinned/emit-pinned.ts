import type { ContainerRef, Operation, OperationId } from '../../../model/operation.ts';
import type { SwarmDesired } from '../../../model/swarm/desired.ts';
import { type Dependency, dependenciesOf } from '../../dependencies.ts';
import type { SwarmEmitter } from '../emit-swarm.ts';
import { stackName } from '../spec/service-spec.ts';

/** What the plan does for the containers of a pinned service on one host, before others may depend on it. */
export interface PinnedStart {
  readonly host: string;
  readonly operations: readonly OperationId[];
  readonly containers: readonly ContainerRef[];
}

/** Takes over the operations of the hosts, each after the networks that the plan makes. */
export function emitPinned({ builder, made, pinned }: SwarmEmitter, operations: readonly Operation[]): void {
  for (const operation of operations) {
    builder.adopt(operation, operation.dependsOn.length === 0 ? made.values() : []);
    const { service, kind, id, host = '' } = operation;
    if (service === undefined || (kind !== 'container-start' && kind !== 'wait')) continue;
    const starts = pinned.get(service) ?? [];
    const own = starts.find((start) => start.host === host) ?? { host, operations: [], containers: [] };
    const containers = kind === 'container-start' ? [...own.containers, operation.container] : own.containers;
    const next = { host, operations: [...own.operations, id], containers };
    pinned.set(service, [...starts.filter((start) => start.host !== host), next]);
  }
}

/** What a dependent waits for of pinned services on other hosts than its own; one that nothing starts is as it must be. */
export function pinnedBefore(
  { builder, pinned, completions }: SwarmEmitter,
  dependencies: readonly Dependency[],
  ownHost?: string,
): OperationId[] {
  return dependencies.flatMap(({ on, condition, required }) =>
    (pinned.get(on) ?? [])
      .filter(({ host }) => host !== ownHost)
      .flatMap(({ host, operations, containers }) => {
        if (condition !== 'service_completed_successfully') return operations;
        const target = `${on} on ${host}`;
        const known = completions.get(target);
        if (known !== undefined) return [known];
        const notes = {
          target,
          service: on,
          host,
          variant: 'completed',
          causes: [`${on} must have done its work`],
          impact: 'none',
          after: operations,
        } as const;
        const id = builder.add('wait', { containers, condition: 'completed', required }, notes);
        completions.set(target, id);
        return [id];
      }),
  );
}

/**
 * Containers start once the services elsewhere that theirs depend on are as they must be, and what the Swarm ran in their place is
 * gone; tasks start once the containers in whose place they come are stopped.
 */
export function orderPinned(emitter: SwarmEmitter, { project }: SwarmDesired, operations: readonly Operation[]): void {
  const { builder, waits, released } = emitter;
  for (const { id, kind, host, service: name = '' } of operations) {
    const service = Object.hasOwn(project.services, name) ? project.services[name] : undefined;
    const ofSwarm = released.get(stackName(project, name));
    if (kind === 'container-stop' && ofSwarm !== undefined && !emitter.pinned.has(name)) builder.order(id, ofSwarm);
    if (kind !== 'container-start' || service === undefined) continue;
    const dependencies = dependenciesOf(service);
    for (const before of [...waits.before(dependencies), ...pinnedBefore(emitter, dependencies, host)]) {
      builder.order(before, id);
    }
    builder.order(ofSwarm, id);
  }
}
