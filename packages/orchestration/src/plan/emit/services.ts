import { parseDuration, type Service } from '@drover/compose';
import type { ObservedContainer } from '../../model/observed.ts';
import type { CheckedContainer, ContainerRef, OperationId } from '../../model/operation.ts';
import { isUp } from '../candidates.ts';
import type { Dependency } from '../dependencies.ts';
import type { ServiceDecision } from '../slot.ts';
import { staysEnded } from '../spec/restart-policy.ts';
import type { Conditions, EmittedService, EmittedSlot } from './conditions.ts';
import { emitStart, type PreparedSlot } from './containers.ts';
import { type Emitter, emitStop } from './emitter.ts';
import { emitPreStart, type PreStart } from './pre-start.ts';

/** A service whose containers are prepared. */
export interface PreparedService {
  readonly decision: ServiceDecision;
  readonly service: Service;
  readonly dependencies: readonly Dependency[];
  readonly checksHealth: boolean;
  readonly slots: readonly PreparedSlot[];
}

export interface StartRequest {
  readonly emitter: Emitter;
  readonly conditions: Conditions;
  /** Stops wait for it: everything that is made is made. */
  readonly prepared: OperationId | undefined;
  /** Starts wait for it: what may be in the way is stopped. */
  readonly cleared: OperationId | undefined;
  readonly restarts: ReadonlyMap<string, Restart>;
}

/** Why a service restarts though nothing of its own changed: it depends, with `restart`, on one that is replaced. */
export interface Restart {
  readonly cause: string;
  /** The containers that go; the dependents stop before them. */
  readonly replaced: readonly ObservedContainer[];
}

/** Stops what is replaced and starts what shall run, batch by batch. Answers what was started. */
export function emitService(request: StartRequest, prepared: PreparedService): readonly CheckedContainer[] {
  return new ServiceEmission(request, prepared).emit();
}

class ServiceEmission {
  readonly #request: StartRequest;
  readonly #it: PreparedService;
  readonly #needs: readonly OperationId[];
  readonly #preStart: PreStart | undefined;
  readonly #checked: CheckedContainer[] = [];

  constructor(request: StartRequest, prepared: PreparedService) {
    this.#request = request;
    this.#it = prepared;
    const starts =
      request.emitter.options.withoutStart !== true &&
      prepared.slots.some((slot) => this.#startCause(slot) !== undefined);
    this.#needs = starts ? request.conditions.before(prepared.dependencies) : [];
    this.#preStart = starts ? this.#emitPreStart() : undefined;
  }

  emit(): readonly CheckedContainer[] {
    const { slots, decision, service, checksHealth } = this.#it;
    const { conditions, emitter } = this.#request;
    const replacing = slots.filter((slot) => slot.slot.others.some(isUp) && this.#startCause(slot) !== undefined);
    const emitted = new Map<PreparedSlot, EmittedSlot>();
    if (emitter.options.withoutStart !== true) {
      let before: readonly OperationId[] = [];
      // Hooks run while nothing of the service does, so that all of it is replaced at once.
      const size = this.#preStart === undefined ? (service.deploy?.update_config?.parallelism ?? 0) : 0;
      for (const batch of batches(replacing, size)) {
        before = this.#emitBatch(batch, this.#delayBefore(batch, before), emitted);
      }
    }
    for (const slot of slots) if (!emitted.has(slot)) emitted.set(slot, this.#emitSlot(slot));
    this.#orderStopsBeforePreStart();
    const all = slots.map((slot) => emitted.get(slot)).filter((slot) => slot !== undefined);
    const result: EmittedService = { name: decision.name, service, checksHealth, slots: all };
    conditions.add(result);
    if (checksHealth && emitter.options.wait !== 'dependencies' && all.some(({ started }) => started !== undefined)) {
      conditions.healthy(result);
    }
    return this.#checked;
  }

  /** The hooks that run before the first start, unless something of the service goes on running. */
  #emitPreStart(): PreStart | undefined {
    const { emitter, cleared } = this.#request;
    const { decision, service, slots } = this.#it;
    const first = slots.find((slot) => this.#startCause(slot) !== undefined);
    const goesOn = slots.some(
      (slot) =>
        slot.slot.target.kind === 'standing' &&
        isUp(slot.slot.target.container) &&
        (this.#startCause(slot) === undefined || slot.slot.target.start.kind === 'unpause'),
    );
    if (first === undefined || goesOn) return undefined;
    return emitPreStart(emitter.builder, {
      serviceName: decision.name,
      service,
      container: first.container,
      cause: `nothing of ${decision.name} runs, and it is about to start`,
      after: [...first.prepared, ...this.#needs, cleared],
    });
  }

  #orderStopsBeforePreStart(): void {
    const { stops, builder } = this.#request.emitter;
    if (this.#preStart === undefined) return;
    for (const { slot } of this.#it.slots) {
      const standing = slot.target.kind === 'standing' ? [slot.target.container] : [];
      for (const { Id } of [...slot.others, ...standing]) builder.order(stops.get(Id), this.#preStart.first);
    }
  }

  /** Answers what the next batch waits for. */
  #emitBatch(
    batch: readonly PreparedSlot[],
    before: readonly OperationId[],
    emitted: Map<PreparedSlot, EmittedSlot>,
  ): readonly OperationId[] {
    const [first] = batch;
    const startFirst = first?.slot.startFirst === true;
    const stopped: (OperationId | undefined)[] = [];
    const started: OperationId[] = [];
    for (const slot of batch) {
      const stops = startFirst ? [] : this.#stopOthers(slot, [...before, ...this.#needs]);
      stopped.push(...stops);
      started.push(this.#start(slot, [...before, ...stops]));
    }
    const healthy = this.#it.checksHealth ? this.#waitForBatch(batch, started) : undefined;
    const ready = healthy === undefined ? started : [healthy];
    const monitored = this.#monitorBatch(batch, startFirst, ready);
    for (const [index, slot] of batch.entries()) {
      if (startFirst) stopped.push(...this.#stopOthers(slot, [monitored ?? healthy ?? started[index]]));
      emitted.set(slot, this.#standing(slot, started[index], healthy));
    }
    return [...stopped.filter((id) => id !== undefined), ...(monitored === undefined ? ready : [monitored])];
  }

  /** Answers what the batch waits for instead, where `update_config.delay` lies between it and the one before. */
  #delayBefore(batch: readonly PreparedSlot[], before: readonly OperationId[]): readonly OperationId[] {
    const ms = milliseconds(this.#it.service.deploy?.update_config?.delay) ?? 0;
    if (ms === 0 || before.length === 0) return before;
    const cause = `${seconds(ms)} lie between the batches of ${this.#it.decision.name}`;
    return [this.#monitor({ watched: [], ms, cause, variant: `delay ${numbersOf(batch)}`, after: before })];
  }

  /**
   * Watches what was started for as long as `update_config.monitor` says. Start-first always takes a moment: callers that
   * looked the service up just before must have found the new containers too when the old ones go.
   */
  #monitorBatch(
    batch: readonly PreparedSlot[],
    startFirst: boolean,
    after: readonly OperationId[],
  ): OperationId | undefined {
    const { name } = this.#it.decision;
    const overlapMs = startFirst ? (this.#request.emitter.options.overlapMs ?? defaultOverlapMs) : 0;
    const ms = milliseconds(this.#it.service.deploy?.update_config?.monitor) ?? overlapMs;
    if (ms === 0) return undefined;
    const cause = startFirst
      ? `old and new containers of ${name} both answer for ${seconds(ms)}, so that callers find the new ones`
      : `what replaces ${name} must run for ${seconds(ms)}`;
    return this.#monitor({ watched: batch, ms, cause, variant: numbersOf(batch), after });
  }

  #monitor(request: {
    readonly watched: readonly PreparedSlot[];
    readonly ms: number;
    readonly cause: string;
    readonly variant: string;
    readonly after: readonly OperationId[];
  }): OperationId {
    const { name } = this.#it.decision;
    const { watched, ms, cause, variant, after } = request;
    return this.#request.emitter.builder.add(
      'monitor',
      { containers: watched.map(({ container }) => container), ms },
      { target: name, service: name, variant, causes: [cause], impact: 'none', after },
    );
  }

  /** A slot that replaces nothing that runs. */
  #emitSlot(slot: PreparedSlot): EmittedSlot {
    const { emitter } = this.#request;
    const stops = this.#stopOthers(slot, []).filter((id) => id !== undefined);
    if (emitter.options.withoutStart === true || this.#startCause(slot) === undefined) {
      return this.#standing(slot, undefined, undefined);
    }
    return this.#standing(slot, this.#start(slot, stops), undefined);
  }

  #start(slot: PreparedSlot, after: readonly (OperationId | undefined)[]): OperationId {
    const { emitter, cleared } = this.#request;
    const { decision, service } = this.#it;
    const { target, others } = slot.slot;
    const standing = target.kind === 'standing' ? target.container : undefined;
    const wasUp = standing !== undefined && isUp(standing) && standing.State.Status !== 'paused';
    const restart = wasUp ? this.#restartStop(slot, standing) : undefined;
    const started = emitStart(emitter, {
      serviceName: decision.name,
      service,
      container: slot.container,
      verb:
        target.kind === 'standing' && target.start.kind === 'unpause' && !emitter.stops.has(target.container.Id)
          ? 'unpause'
          : 'start',
      causes: [this.#startCause(slot) ?? ''],
      impact: wasUp ? 'restarted' : standing !== undefined ? 'started' : others.length > 0 ? 'recreated' : 'created',
      after: [...slot.prepared, ...this.#needs, ...after, restart, cleared, this.#preStart?.last],
    });
    this.#checked.push({
      container: slot.container,
      service: decision.name,
      mayComplete: staysEnded(service),
      checksHealth: this.#it.checksHealth,
    });
    return started;
  }

  /** Why the slot's container is started; undefined when it need not be. */
  #startCause({ slot }: PreparedSlot): string | undefined {
    const { emitter, restarts } = this.#request;
    const { target } = slot;
    if (target.kind === 'new') return slot.causes[0] ?? 'container is new';
    if (target.start.kind === 'start' || target.start.kind === 'unpause') return target.start.cause;
    if (target.start.kind === 'completed') return undefined;
    const restart = restarts.get(this.#it.decision.name)?.cause;
    return restart ?? (emitter.stops.has(target.container.Id) ? 'a network of it is made anew' : undefined);
  }

  #restartStop(slot: PreparedSlot, container: ObservedContainer): OperationId | undefined {
    const { emitter, prepared, restarts } = this.#request;
    const { decision, service } = this.#it;
    const cause = this.#startCause(slot) ?? '';
    const after = [prepared];
    const stop = emitStop(emitter, {
      container,
      serviceName: decision.name,
      service,
      cause,
      impact: 'restarted',
      after,
    });
    for (const replaced of restarts.get(decision.name)?.replaced ?? []) {
      const other = emitter.stops.get(replaced.Id);
      if (other !== undefined) emitter.builder.order(stop, other);
    }
    return stop;
  }

  #stopOthers(slot: PreparedSlot, after: readonly (OperationId | undefined)[]): (OperationId | undefined)[] {
    const { emitter, prepared } = this.#request;
    const { decision, service } = this.#it;
    const cause = `${slot.container.name} takes its place`;
    return slot.slot.others.map((container) =>
      emitStop(emitter, {
        container,
        serviceName: decision.name,
        service,
        cause,
        impact: 'recreated',
        after: [...after, ...slot.prepared, prepared],
      }),
    );
  }

  #waitForBatch(batch: readonly PreparedSlot[], started: readonly OperationId[]): OperationId {
    const name = this.#it.decision.name;
    const numbers = numbersOf(batch);
    return this.#request.emitter.builder.add(
      'wait',
      { containers: batch.map(({ container }): ContainerRef => container), condition: 'healthy', required: true },
      {
        target: name,
        service: name,
        variant: `healthy ${numbers}`,
        causes: [`the health check of what replaces ${name} must pass`],
        impact: 'none',
        after: started,
      },
    );
  }

  #standing(
    { slot, container }: PreparedSlot,
    started: OperationId | undefined,
    healthy: OperationId | undefined,
  ): EmittedSlot {
    const { target } = slot;
    const state = target.kind === 'standing' && started === undefined ? target.container.State : undefined;
    return {
      container,
      started,
      healthy,
      healthyNow: state?.Status === 'running' && state.Health?.Status === 'healthy',
      completedNow: target.kind === 'standing' && started === undefined && target.start.kind === 'completed',
    };
  }
}

/** Long enough for a cached address of one second, the least that servers such as nginx keep, to be looked up again. */
const defaultOverlapMs = 2000;

function numbersOf(batch: readonly PreparedSlot[]): string {
  return batch.map(({ slot }) => slot.number).join(',');
}

function milliseconds(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : Math.max(0, parseDuration(duration) ?? 0);
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

function batches<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  if (items.length === 0) return [];
  if (size <= 0) return [items];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
