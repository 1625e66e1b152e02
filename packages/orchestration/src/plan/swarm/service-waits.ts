import type { Impact, OperationId, ServiceCondition } from '../../model/operation.ts';
import type { SwarmObserved } from '../../model/swarm/observed.ts';
import type { Dependency } from '../dependencies.ts';
import type { OperationBuilder } from '../operation-builder.ts';
import type { SwarmServiceDecision } from './service-decision.ts';
import { isJob } from './spec/task-mode.ts';

interface Emitted {
  readonly decision: SwarmServiceDecision;
  /** The operation that makes the version to wait for; undefined where the one that stands is as wanted. */
  readonly madeBy: OperationId | undefined;
}

const words: Readonly<Record<ServiceCondition, string>> = {
  running: 'its tasks must run',
  healthy: 'its tasks must be healthy',
  completed: 'the job must be done',
};

/** Turns `depends_on` into operations to wait for, one for a service and condition. */
export class ServiceWaits {
  readonly #builder: OperationBuilder;
  readonly #observed: SwarmObserved;
  readonly #required: ReadonlySet<string>;
  readonly #emitted = new Map<string, Emitted>();
  readonly #waits = new Map<string, OperationId>();

  /** `required` holds the services for whose conditions some dependent, or the deploy itself, fails. */
  constructor(builder: OperationBuilder, observed: SwarmObserved, required: ReadonlySet<string>) {
    this.#builder = builder;
    this.#observed = observed;
    this.#required = required;
  }

  add(decision: SwarmServiceDecision, madeBy: OperationId | undefined): void {
    this.#emitted.set(decision.name, { decision, madeBy });
  }

  /** What a dependent waits for before its tasks start. */
  before(dependencies: readonly Dependency[]): OperationId[] {
    return dependencies.flatMap(({ on, condition }) => {
      const emitted = this.#emitted.get(on);
      if (emitted === undefined) return [];
      switch (condition) {
        case 'service_healthy':
          return this.#wait(emitted, 'healthy');
        case 'service_completed_successfully':
          return this.#wait(emitted, 'completed');
        case 'service_started':
          return this.#wait(emitted, 'running');
        default:
          return condition satisfies never;
      }
    });
  }

  /** The wait at whose end a service that changed counts as good. */
  done(name: string): OperationId[] {
    const emitted = this.#emitted.get(name);
    if (emitted === undefined) return [];
    const healthy = this.#waits.get(waitKey(name, 'healthy'));
    if (healthy !== undefined) return [healthy];
    return this.#wait(emitted, isJob(emitted.decision.mode) ? 'completed' : 'running');
  }

  #wait({ decision, madeBy }: Emitted, condition: ServiceCondition): OperationId[] {
    const { name, standing, spec } = decision;
    const key = waitKey(name, condition);
    const known = this.#waits.get(key);
    if (known !== undefined) return [known];
    const version = madeBy === undefined ? { index: standing?.Version.Index ?? 0 } : { madeBy };
    if (madeBy === undefined && this.#holdsNow(decision, condition)) return [];
    const sameService = standing !== undefined && decision.kind !== 'remake';
    const awaited = {
      service: name,
      name: spec.Name ?? name,
      ...(sameService ? { id: standing.ID } : {}),
      version,
    };
    const notes = {
      target: spec.Name ?? name,
      service: name,
      variant: condition,
      causes: [words[condition]],
      impact: 'none' as Impact,
      after: [madeBy],
    };
    const required = this.#required.has(name);
    const id = this.#builder.add('service-wait', { services: [awaited], condition, required }, notes);
    this.#waits.set(key, id);
    return [id];
  }

  #holdsNow({ standing, spec }: SwarmServiceDecision, condition: ServiceCondition): boolean {
    const tasks = this.#observed.tasks.get(standing?.ID ?? '');
    if (tasks === undefined)
      return (spec.Mode?.Replicated?.Replicas ?? spec.Mode?.ReplicatedJob?.TotalCompletions ?? 0) === 0;
    const done = condition === 'completed' ? tasks.completed : tasks.running + tasks.completed;
    return done >= tasks.desired;
  }
}

function waitKey(name: string, condition: ServiceCondition): string {
  return `${condition} ${name}`;
}
