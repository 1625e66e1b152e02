import type { ContainerId } from '@drover/base';
import type { Engine } from '@drover/engine';
import type { ContainerRef, Operation, OperationId, OperationKind, OperationOf } from '../model/operation.ts';
import { describeOperation, type OperationView, type Plan } from '../model/plan.ts';
import type { Failure } from '../model/progress.ts';
import { Engines } from './engines.ts';
import type { ExecuteOptions, ExecutionResult } from './execution.ts';
import { explain } from './explain.ts';
import { runGraph } from './graph.ts';
import { lastLines } from './last-lines.ts';
import { Limit } from './limit.ts';
import { executors } from './operations.ts';
import { redactor } from './redact.ts';
import { idOf, type Run } from './run.ts';
import { Starts } from './starts.ts';
import { StepFailure } from './step-failure.ts';

const defaultParallel = 16;
const defaultProcessors = 2;
/** More of the `laborious` than there are processors: one may wait for a disk or a driver. Why no more, see decision 0511. */
const laboriousAside = 2;
/** What takes longer than this waits, for a disk or a driver, and leaves the processors to others, in milliseconds. */
const laboriousMs = 10_000;
/** A stop waits for its program, up to a grace period; a few at once would add those periods up. */
const stopsAtOnce = 100;
const stopping: ReadonlySet<OperationKind> = new Set(['container-stop', 'container-restart']);
const defaultSettleMs = 100;

/** Calls under way may finish for this long once the run is given up, so that what they did is known. */
const graceMs = 30_000;

/** Operations that wait more than they call; they take no place among those that are carried out at once. */
const waiting: ReadonlySet<OperationKind> = new Set(['wait', 'monitor', 'gate', 'service-wait', 'service-remove']);

/** Operations that keep a processor of the engine's machine busy from beginning to end. */
const laborious: ReadonlySet<OperationKind> = new Set(['container-create', 'container-start']);

/**
 * Carries a plan out, as much at once as its order, `parallel` and `processors` allow. Never rejects: what goes wrong is the result's
 * failure, and nothing that was begun is left running when it resolves.
 */
export async function execute(plan: Plan, engine: Engine, options: ExecuteOptions = {}): Promise<ExecutionResult> {
  const engines = new Engines(plan, engine, options);
  try {
    return await new Execution(plan, engines, options).run();
  } finally {
    engines.stop();
  }
}

class Execution {
  readonly #plan: Plan;
  readonly #options: ExecuteOptions;
  readonly #redact: (text: string) => string;
  readonly #calls: Limit;
  readonly #stops = new Limit(stopsAtOnce);
  /** Places for what is laborious, by host. */
  readonly #labour = new Map<string | undefined, Limit>();
  readonly #soft = new AbortController();
  readonly #hard = new AbortController();
  readonly #shared: Omit<Run, 'engine' | 'watch' | 'swarm'>;
  readonly #engines: Engines;
  readonly #views = new Map<OperationId, OperationView>();
  #failure: Failure | undefined;
  #done = 0;

  constructor(plan: Plan, engines: Engines, options: ExecuteOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#engines = engines;
    this.#redact = redactor(options.secrets ?? []);
    const { project } = plan;
    const parallel = options.parallel ?? defaultParallel;
    this.#calls = new Limit(parallel);
    this.#shared = {
      project,
      progress: (operation, progress) =>
        options.onEvent?.({
          type: 'progress',
          operation: this.#view(operation),
          ...progress,
          text: this.#redact(progress.text),
        }),
      settling: (operation) => options.onEvent?.({ type: 'settling', operation: this.#view(operation) }),
      created: new Map<OperationId, ContainerId>(),
      completed: new Set(),
      starts: new Starts(),
      parallel,
      settleMs: options.settleMs ?? defaultSettleMs,
      soft: this.#soft.signal,
      hard: this.#hard.signal,
    };
  }

  async run(): Promise<ExecutionResult> {
    const { signal, onEvent } = this.#options;
    const giveUp = (): void => this.#soft.abort(signal?.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted === true) giveUp();
    let timer: NodeJS.Timeout | undefined;
    this.#soft.signal.addEventListener('abort', () => {
      timer = setTimeout(() => this.#hard.abort(), graceMs);
    });
    try {
      const skipped = await runGraph({
        operations: this.#plan.operations,
        admit: (operation, work) => this.#admit(operation, work),
        run: (operation) => this.#perform(operation),
        signal: this.#soft.signal,
      });
      for (const operation of skipped) onEvent?.({ type: 'skipped', operation: this.#view(operation) });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    }
    if (this.#failure === undefined && signal?.aborted === true && this.#done < this.#plan.operations.length) {
      this.#failure = this.#givenUp();
    }
    const { created, completed } = this.#shared;
    return {
      outcome: this.#failure === undefined ? 'done' : 'failed',
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
      created,
      completed,
      done: this.#done,
    };
  }

  #admit({ kind, host }: Operation, work: () => Promise<void>): Promise<void> {
    if (waiting.has(kind)) return work();
    if (stopping.has(kind)) return this.#stops.run(work);
    const call = (): Promise<void> => this.#calls.run(work);
    return laborious.has(kind) ? this.#labourOf(host).run(call) : call();
  }

  #labourOf(host: string | undefined): Limit {
    const { processors = defaultProcessors } = this.#options;
    const known = this.#labour.get(host) ?? new Limit(processors + laboriousAside, laboriousMs);
    this.#labour.set(host, known);
    return known;
  }

  async #perform(operation: Operation): Promise<boolean> {
    const { onEvent } = this.#options;
    const view = this.#view(operation);
    const begun = performance.now();
    onEvent?.({ type: 'started', operation: view });
    try {
      const warnings = await perform(this.#runOf(operation), operation);
      this.#done += 1;
      const ms = performance.now() - begun;
      const shown = (warnings ?? []).map(this.#redact);
      onEvent?.({ type: 'done', operation: view, ms, ...(shown.length === 0 ? {} : { warnings: shown }) });
      return true;
    } catch (thrown) {
      const failure = await this.#explain(operation, thrown);
      this.#failure ??= failure;
      onEvent?.({ type: 'failed', operation: view, ms: performance.now() - begun, failure });
      this.#soft.abort();
      return false;
    }
  }

  #runOf({ host }: Operation): Run {
    return { ...this.#shared, ...this.#engines.of(host) };
  }

  async #explain(operation: Operation, thrown: unknown): Promise<Failure> {
    // What ends because the run is given up failed for the run's reason, not for one of its own.
    if (this.#soft.signal.aborted && !(thrown instanceof StepFailure)) return this.#failure ?? this.#givenUp();
    const { reason, message } = explain(thrown);
    const containerId = thrown instanceof StepFailure ? thrown.containerId : this.#containerOf(operation);
    const written =
      containerId === undefined || reason === 'unreachable'
        ? []
        : await lastLines(this.#engines.of(operation.host).engine, containerId);
    const host = (thrown instanceof StepFailure ? thrown.host : undefined) ?? operation.host;
    const evidence = thrown instanceof StepFailure ? thrown.evidence : [];
    const logs = [...written, ...evidence].slice(-20).map(this.#redact);
    return {
      reason,
      message: this.#redact(message),
      operation: this.#view(operation),
      ...(operation.service === undefined ? {} : { service: operation.service }),
      ...(containerId === undefined ? {} : { container: this.#nameOf(operation, containerId) }),
      ...(host === undefined ? {} : { host }),
      ...(logs.length === 0 ? {} : { logs }),
    };
  }

  #givenUp(): Failure {
    const { signal } = this.#options;
    const timedOut = signal?.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
    return timedOut
      ? { reason: 'timed-out', message: `${this.#plan.project} was not done in time` }
      : { reason: 'cancelled', message: `${this.#plan.project} was cancelled` };
  }

  /** The container that an operation had to do with, once it exists. */
  #containerOf(operation: Operation): string | undefined {
    if (operation.kind !== 'container-start' && operation.kind !== 'hook-run' && operation.kind !== 'container-restart')
      return undefined;
    return idOf(this.#shared, operation.container);
  }

  #nameOf(operation: Operation, containerId: string): string {
    const found = containersOf(operation).find((container) => idOf(this.#shared, container) === containerId);
    return found?.name ?? containerId.slice(0, 12);
  }

  #view(operation: Operation): OperationView {
    const known = this.#views.get(operation.id) ?? describeOperation(operation);
    this.#views.set(operation.id, known);
    return known;
  }
}

function containersOf(operation: Operation): readonly ContainerRef[] {
  if (operation.kind === 'wait' || operation.kind === 'monitor') return operation.containers;
  if (operation.kind === 'check') return operation.containers.map(({ container }) => container);
  return 'container' in operation ? [operation.container] : [];
}

function perform<Kind extends OperationKind>(
  run: Run,
  operation: OperationOf<Kind>,
): Promise<readonly string[] | undefined> {
  const executor = executors[operation.kind as Kind];
  return executor(run, operation);
}
