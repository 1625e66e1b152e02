import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, type EngineEvent, isAway, type ServiceInspect, type TaskInspect } from '@drover/engine';
import { stackLabel } from '../../model/swarm/labels.ts';
import { StepFailure } from '../step-failure.ts';
import { type RunningTask, TaskStarts } from './task-starts.ts';

/** The services and tasks of a stack at one moment. */
export interface StackView {
  /** By id. */
  readonly services: ReadonlyMap<string, ServiceInspect>;
  /** By the service's id; also of services that are gone, as long as tasks of theirs are left. */
  readonly tasks: ReadonlyMap<string, readonly TaskInspect[]>;
  /** Those of the tasks that run, by id. */
  readonly running: ReadonlyMap<string, RunningTask>;
}

/** When somebody wants to look next. */
export interface NextLook {
  /** At the latest, on the clock of `performance.now`. */
  readonly due?: number | undefined;
  /** Nothing else waits for what is seen, so that tasks may take the processors that looking would cost. */
  readonly patient?: boolean | undefined;
}

interface Asker extends NextLook {
  readonly since: number;
  readonly resolve: (look: Look) => void;
}

type Look = { readonly view: StackView } | { readonly error: unknown };

/** Milliseconds between two looks, by how long nothing has changed. A manager hands states of tasks on every 100 ms. */
const paces = [
  { until: 3_000, every: 100 },
  { until: 15_000, every: 250 },
  { until: Number.POSITIVE_INFINITY, every: 1_000 },
] as const;

/** Even events do not make looks follow each other faster than this, in milliseconds. */
const leastRestMs = 25;

/**
 * Milliseconds of rest for each task that was listed: it costs a manager and this process some 0.15 ms. How long the look took says less,
 * since on a busy machine it mostly waited.
 */
const rest = { perTask: 0.5, most: 1_000 } as const;

/** The same for each task that is yet to run: the more there are, the more they need what looking costs, and the less one look tells. */
const restToRun = { perTask: 10, most: 100 } as const;

/** The same while everybody is patient. */
const patientRest = { perTask: 25, most: 1_000 } as const;

/** How long managers may stay away, an election of a leader included, before a wait is given up. */
const lostMs = 30_000;

/**
 * What all waits of one execution on a Swarm look at. Tasks have no events, so while somebody waits they are listed: soon after
 * any event of a service, node or container of the stack, and otherwise at a pace.
 *
 * INVARIANTS
 * - One look serves everybody who waits, and nobody looks while nobody waits.
 * - A look that an asker gets was begun after it asked: what was done before is in it.
 */
export class StackWatch {
  readonly #engine: Engine;
  readonly #project: string;
  readonly #stop = new AbortController();
  readonly #starts = new TaskStarts();
  #askers: Asker[] = [];
  #first: Promise<Look>;
  #looking = false;
  #wake = Promise.withResolvers<void>();
  /** When the last look ended, how many tasks it listed, and how many of them were yet to run. */
  #lastLook = Number.NEGATIVE_INFINITY;
  #listed = 0;
  #toRun = 0;
  #lastChange = performance.now();
  #signature = '';
  #awaySince: number | undefined;

  private constructor(engine: Engine, project: string) {
    this.#engine = engine;
    this.#project = project;
    this.#first = this.#look();
  }

  /** Begins with a look at what stands before anything is done. */
  static start(engine: Engine, project: string): StackWatch {
    const watch = new StackWatch(engine, project);
    void watch.#listen();
    return watch;
  }

  /** What stood when the run began; undefined when the managers did not tell. */
  async first(): Promise<StackView | undefined> {
    const look = await this.#first;
    return 'view' in look ? look.view : undefined;
  }

  /**
   * The next look: after what happens, at the pace, or when it is due, whatever is first. Rejects when the signal fires, and when the
   * managers stay away for 30 s.
   */
  async next(doing: string, signal: AbortSignal, when: NextLook = {}): Promise<StackView> {
    for (;;) {
      const look = await this.#ask(signal, when);
      if ('view' in look) {
        this.#awaySince = undefined;
        return look.view;
      }
      if (!isAway(look.error)) throw look.error;
      this.#awaySince ??= performance.now();
      if (performance.now() - this.#awaySince >= lostMs)
        throw new StepFailure('unreachable', `${doing}: ${look.error.reason}`);
    }
  }

  /** Something was done that will show soon. */
  poke(): void {
    this.#lastChange = performance.now();
    this.#wake.resolve();
  }

  stop(): void {
    this.#stop.abort();
    this.#wake.resolve();
  }

  #ask(signal: AbortSignal, when: NextLook): Promise<Look> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Look>();
    const asker = { ...when, since: performance.now(), resolve };
    const aborted = (): void => {
      this.#askers = this.#askers.filter((each) => each !== asker);
      reject(signal.reason);
    };
    signal.addEventListener('abort', aborted, { once: true });
    this.#askers.push(asker);
    if (!this.#looking) void this.#run();
    return promise.finally(() => signal.removeEventListener('abort', aborted));
  }

  async #run(): Promise<void> {
    this.#looking = true;
    await this.#first;
    while (this.#askers.length > 0 && !this.#stop.signal.aborted) {
      await this.#pause();
      const begun = performance.now();
      const look = await this.#look();
      const served = this.#askers.filter(({ since }) => since <= begun);
      this.#askers = this.#askers.filter(({ since }) => since > begun);
      for (const { resolve } of served) resolve(look);
      // Those who were served and want another look ask for it in their next turn.
      await sleep(0);
    }
    this.#looking = false;
  }

  async #pause(): Promise<void> {
    const still = performance.now() - this.#lastChange;
    const every = paces.find(({ until }) => still < until)?.every ?? 1_000;
    const dues = this.#askers.map(({ due = Number.POSITIVE_INFINITY }) => due);
    const timer = new AbortController();
    const ms = Math.min(this.#lastLook + every, ...dues) - performance.now();
    const timed = sleep(Math.max(0, ms), undefined, { signal: timer.signal });
    await Promise.race([timed.catch(() => {}), this.#wake.promise]);
    timer.abort();
    this.#wake = Promise.withResolvers();
    const gap = this.#lastLook + this.#restMs() - performance.now();
    if (gap > 0) await sleep(gap);
  }

  #restMs(): number {
    const toRun = this.#askers.every(({ patient }) => patient === true) ? patientRest : restToRun;
    return Math.max(
      leastRestMs,
      Math.min(rest.most, rest.perTask * this.#listed),
      Math.min(toRun.most, toRun.perTask * this.#toRun),
    );
  }

  async #look(): Promise<Look> {
    const filters = { label: [`${stackLabel.namespace}=${this.#project}`] };
    const options = { filters, signal: this.#stop.signal, doing: `looking at the tasks of ${this.#project}` };
    try {
      // In this order: whatever the tasks have come to, the state of the update is not older.
      const tasks = await this.#engine.tasks.list(options);
      const services = await this.#engine.services.list({ ...options, status: true });
      return { view: this.#viewOf(services, tasks) };
    } catch (error) {
      return { error };
    } finally {
      this.#lastLook = performance.now();
    }
  }

  #viewOf(services: readonly ServiceInspect[], tasks: readonly TaskInspect[]): StackView {
    const now = performance.now();
    this.#starts.note(tasks, now);
    const signature = [
      ...services.map(({ ID, UpdateStatus }) => `${ID} ${UpdateStatus?.State}`),
      ...tasks.map(({ ID, Status, DesiredState }) => `${ID} ${Status.State} ${DesiredState}`),
    ].join('\n');
    if (signature !== this.#signature) this.#lastChange = now;
    this.#signature = signature;
    this.#listed = tasks.length;
    this.#toRun = tasks.filter(isToRun).length;
    return {
      services: new Map(services.map((service) => [service.ID, service])),
      tasks: Map.groupBy(tasks, ({ ServiceID }) => ServiceID as string),
      running: this.#starts.running,
    };
  }

  async #listen(): Promise<void> {
    const filters = { type: ['service', 'node', 'container'] };
    try {
      for await (const item of this.#engine.events.watch({ filters, signal: this.#stop.signal })) {
        if (item.type !== 'event' || this.#concerns(item.event)) this.#wake.resolve();
      }
    } catch {
      // Without events the pace goes on.
    }
  }

  #concerns({ Type, Action, Actor }: EngineEvent): boolean {
    if (Type === 'node') return true;
    if (Type === 'service') return (Actor.Attributes.name ?? '').startsWith(`${this.#project}_`);
    return Actor.Attributes[stackLabel.namespace] === this.#project && /^(?:start|die|health_status)/.test(Action);
  }
}

function isToRun({ Status, DesiredState }: TaskInspect): boolean {
  return (DesiredState === 'running' || DesiredState === 'ready') && Status.State !== 'running';
}
