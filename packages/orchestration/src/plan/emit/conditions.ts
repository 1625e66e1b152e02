import type { Service } from '@drover/compose';
import type { ContainerRef, OperationId } from '../../model/operation.ts';
import type { Dependency } from '../dependencies.ts';
import type { Emitter } from './emitter.ts';

/** A service as far as others wait for it. */
export interface EmittedService {
  readonly name: string;
  readonly service: Service;
  readonly checksHealth: boolean;
  readonly slots: readonly EmittedSlot[];
}

export interface EmittedSlot {
  readonly container: ContainerRef;
  /** The operation after which it counts as started; undefined when the plan does not start it. */
  readonly started: OperationId | undefined;
  /** Waits for its health that were emitted already, for a batch that it is in. */
  readonly healthy: OperationId | undefined;
  /** It runs and its health check passes now, or it has done its work: nothing to wait for. */
  readonly healthyNow: boolean;
  readonly completedNow: boolean;
}

/** Turns `depends_on` into operations to wait for, one for a service and condition. */
export class Conditions {
  readonly #emitter: Emitter;
  readonly #services = new Map<string, EmittedService>();
  readonly #known = new Map<string, readonly OperationId[]>();
  readonly #required: ReadonlySet<string>;

  /** `required` holds the services for whose conditions some dependent, or the deploy itself, fails. */
  constructor(emitter: Emitter, required: ReadonlySet<string>) {
    this.#emitter = emitter;
    this.#required = required;
  }

  add(service: EmittedService): void {
    this.#services.set(service.name, service);
  }

  /** What a dependent waits for before it starts. */
  before(dependencies: readonly Dependency[]): OperationId[] {
    return dependencies.flatMap(({ on, condition }) => {
      const service = this.#services.get(on);
      if (service === undefined) return [];
      switch (condition) {
        case 'service_healthy':
          return this.healthy(service);
        case 'service_completed_successfully':
          return this.completed(service);
        case 'service_started':
          return this.started(service);
        default:
          return condition satisfies never;
      }
    });
  }

  started(service: EmittedService): readonly OperationId[] {
    const ids = service.slots.map(({ started }) => started).filter((id) => id !== undefined);
    if (ids.length <= 1) return ids;
    return this.#once(`started ${service.name}`, () => [
      this.#emitter.builder.add('gate', {}, this.#notes(service, 'started', `${service.name} is started`, ids)),
    ]);
  }

  healthy(service: EmittedService): readonly OperationId[] {
    return this.#once(`healthy ${service.name}`, () => {
      const waits = new Set(service.slots.map(({ healthy }) => healthy).filter((id) => id !== undefined));
      const open = service.slots.filter(({ healthy, healthyNow }) => healthy === undefined && !healthyNow);
      if (open.length === 0) return [...waits];
      return [...waits, this.#wait(service, 'healthy', open, `the health check of ${service.name} must pass`)];
    });
  }

  completed(service: EmittedService): readonly OperationId[] {
    return this.#once(`completed ${service.name}`, () => {
      const open = service.slots.filter(({ completedNow }) => !completedNow);
      return open.length === 0 ? [] : [this.#wait(service, 'completed', open, `${service.name} must complete`)];
    });
  }

  #wait(
    service: EmittedService,
    condition: 'healthy' | 'completed',
    slots: readonly EmittedSlot[],
    cause: string,
  ): OperationId {
    const started = slots.map((slot) => slot.started);
    return this.#emitter.builder.add(
      'wait',
      { containers: slots.map(({ container }) => container), condition, required: this.#required.has(service.name) },
      this.#notes(service, condition, cause, started),
    );
  }

  #notes(service: EmittedService, variant: string, cause: string, after: Iterable<OperationId | undefined>) {
    return { target: service.name, service: service.name, variant, causes: [cause], impact: 'none', after } as const;
  }

  #once(key: string, make: () => readonly OperationId[]): readonly OperationId[] {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    return known;
  }
}
