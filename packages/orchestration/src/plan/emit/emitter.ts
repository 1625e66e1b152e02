import type { Service } from '@drover/compose';
import type { Observed, ObservedContainer } from '../../model/observed.ts';
import type { ContainerRef, OperationId } from '../../model/operation.ts';
import type { PlanOptions } from '../../model/plan-options.ts';
import { isUp, nameOf } from '../candidates.ts';
import type { OperationBuilder } from '../operation-builder.ts';

/** What the parts that write operations share. */
export interface Emitter {
  readonly builder: OperationBuilder;
  readonly observed: Observed;
  readonly options: PlanOptions;
  /** The operations that make networks and volumes, by their names in the engine. */
  readonly networkOps: Map<string, OperationId>;
  readonly volumeOps: Map<string, OperationId>;
  /** Containers that the plan stops, with the operation that does. */
  readonly stops: Map<string, OperationId>;
}

export function refTo(container: ObservedContainer): ContainerRef {
  return { id: container.Id, name: nameOf(container) };
}

export interface StopRequest {
  readonly container: ObservedContainer;
  readonly serviceName?: string | undefined;
  /** Its `pre_stop` hooks run first. */
  readonly service?: Service | undefined;
  readonly cause: string;
  readonly impact: 'stopped' | 'restarted' | 'recreated' | 'removed';
  readonly after?: Iterable<OperationId | undefined>;
}

/** Stops a container once, for the first of its reasons; undefined when it does not run. */
export function emitStop(emitter: Emitter, request: StopRequest): OperationId | undefined {
  const { builder, stops, options } = emitter;
  const { container, service, serviceName, cause, impact } = request;
  if (!isUp(container)) return undefined;
  const known = stops.get(container.Id);
  if (known !== undefined) return known;
  const target = nameOf(container);
  let after: Iterable<OperationId | undefined> = request.after ?? [];
  for (const [index, hook] of (container.State.Status === 'running' ? (service?.pre_stop ?? []) : []).entries()) {
    const details = { container: refTo(container), moment: 'pre_stop', hook } as const;
    const variant = `pre_stop ${index + 1}`;
    after = [
      builder.add('hook-run', details, {
        target,
        service: serviceName,
        causes: [cause],
        impact: 'none',
        after,
        variant,
      }),
    ];
  }
  const timeout = options.stopTimeout;
  const id = builder.add(
    'container-stop',
    { container: refTo(container), ...(timeout === undefined ? {} : { timeout }) },
    { target, service: serviceName, causes: [cause], impact, after },
  );
  stops.set(container.Id, id);
  return id;
}

/** Removes a container that is stopped by then. */
export function emitRemove(
  emitter: Emitter,
  container: ObservedContainer,
  notes: {
    readonly service?: string | undefined;
    readonly cause: string;
    readonly after: Iterable<OperationId | undefined>;
  },
): OperationId {
  return emitter.builder.add(
    'container-remove',
    { container: refTo(container) },
    { target: nameOf(container), service: notes.service, causes: [notes.cause], impact: 'removed', after: notes.after },
  );
}
