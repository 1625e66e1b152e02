import { mapBounded } from '@drover/base';
import type { Engine, ServiceInspect, TaskInspect } from '@drover/engine';
import type { AwaitedService, OperationOf } from '../../model/operation.ts';
import { unsureMs } from '../check.ts';
import { explain } from '../explain.ts';
import type { Run } from '../run.ts';
import { StepFailure } from '../step-failure.ts';
import { unplacedWords } from './placement.ts';
import { doubtfulTasks, isEverywhere, judgeService, type ServiceState } from './service-state.ts';
import type { StackView } from './stack-watch.ts';
import type { SwarmRun } from './swarm-run.ts';
import { describeEnd, nodesOf } from './task-end.ts';
import { hasEndedOnHost } from './task-words.ts';

type Wait = OperationOf<'service-wait'>;

/** For how long a service on every host may have no task before no host is taken to fit, in milliseconds. */
const emptyMs = 5_000;

/** Milliseconds between two reports of progress. */
const reportMs = 250;

/** Waits until every service fulfils the condition. Rejects as soon as one cannot any more. Answers warnings. */
export async function executeServiceWait(run: Run, swarm: SwarmRun, operation: Wait): Promise<readonly string[]> {
  const wait = new ServiceWait(run, swarm, operation);
  try {
    return await wait.run();
  } catch (thrown) {
    if (operation.required || run.soft.aborted) throw thrown;
    return [explain(thrown).message];
  }
}

/** A service that is done as far as its manager knows. */
interface Standing {
  readonly awaited: AwaitedService;
  readonly service: ServiceInspect;
  readonly wanted: number;
}

class ServiceWait {
  readonly #run: Run;
  readonly #swarm: SwarmRun;
  readonly #operation: Wait;
  readonly #doing: string;
  readonly #begun = performance.now();
  readonly #states = new Map<string, ServiceState>();
  readonly #warnings: string[] = [];
  /** Tasks that ended by what their hosts say; a busy manager may call them running for seconds more. */
  readonly #endedOnHost = new Set<string>();
  /** Tasks that ran before, or whose hosts were asked once they had run for long enough. */
  readonly #sure = new Set<string>();
  #view: StackView | undefined;
  #isSettling = false;
  /** Since when nothing of the stack moved while a task found no host. */
  #unplacedSince: number | undefined;
  #reported = { at: Number.NEGATIVE_INFINITY, text: '' };

  constructor(run: Run, swarm: SwarmRun, operation: Wait) {
    this.#run = run;
    this.#swarm = swarm;
    this.#operation = operation;
    const names = operation.services.map(({ name }) => name).join(', ');
    this.#doing = `waiting for ${names} to ${{ running: 'run', healthy: 'be healthy', completed: 'complete' }[operation.condition]}`;
  }

  async run(): Promise<readonly string[]> {
    const { watch } = this.#swarm;
    try {
      const before = (await watch.first()) ?? (await watch.next(this.#doing, this.#run.soft));
      const endedBefore = tasksThat(before, ({ Status }) => ends.has(Status.State));
      for (const id of tasksThat(before, isRunning)) this.#sure.add(id);
      for (;;) {
        const when = { due: this.#settledAt(), patient: !this.#swarm.awaited.has(this.#operation.id) };
        this.#view = await watch.next(this.#doing, this.#run.soft, when);
        const open = await this.#judge(this.#view, endedBefore);
        this.#report(open.length === 0);
        if (open.length === 0) return this.#warnings;
        this.#tellSettling();
        await this.#giveUpUnplaced(this.#view, open);
      }
    } catch (thrown) {
      throw thrown instanceof StepFailure ? thrown : await this.#late(thrown);
    }
  }

  /** Those that are not done yet. */
  async #judge(view: StackView, endedBefore: ReadonlySet<string>): Promise<readonly AwaitedService[]> {
    const open: AwaitedService[] = [];
    const standing: Standing[] = [];
    for (const awaited of this.#operation.services) {
      if (this.#states.get(awaited.name)?.state === 'done') continue;
      const service = findService(view, awaited);
      if (service === undefined) throw new StepFailure('exited', `${this.#doing}: the service ${awaited.name} is gone`);
      const { condition } = this.#operation;
      const { settleMs } = this.#run;
      const state = judgeService({ service, view, condition, endedBefore, settleMs, now: performance.now() });
      if (state.state === 'failed') throw await this.#failed(service, state);
      if (state.state === 'waiting' && this.#fitsNoHost(service, state.wanted)) {
        this.#warnings.push(`${awaited.name} has no task: ${await this.#whyUnplaced(service, '')}`);
        this.#states.set(awaited.name, { state: 'done', done: 0, wanted: 0 });
        continue;
      }
      this.#states.set(awaited.name, state);
      if (state.state === 'waiting') open.push(awaited);
      else if (condition === 'running') standing.push({ awaited, service, wanted: state.wanted });
    }
    for (const { awaited, wanted } of await this.#ended(standing, view)) {
      this.#states.set(awaited.name, { state: 'waiting', done: Math.max(0, wanted - 1), wanted });
      open.push(awaited);
    }
    return open;
  }

  /** Those of which a task ended that the manager has not heard of yet. */
  async #ended(standing: readonly Standing[], view: StackView): Promise<ReadonlySet<Standing>> {
    const { settleMs, parallel } = this.#run;
    const doubt = { unsureMs, sure: this.#sure };
    const doubtful = standing.flatMap(({ service }) => doubtfulTasks({ service, view, settleMs }, doubt));
    await mapBounded(doubtful, parallel, async (task) => {
      if (await hasEndedOnHost(this.#engineOf(task), task)) this.#endedOnHost.add(task.ID);
      this.#sure.add(task.ID);
    });
    return new Set(standing.filter(({ service }) => this.#hasEnded(view.tasks.get(service.ID) ?? [])));
  }

  #hasEnded(tasks: readonly TaskInspect[]): boolean {
    return tasks.some((task) => this.#endedOnHost.has(task.ID) && isRunning(task) && task.DesiredState === 'running');
  }

  #engineOf({ NodeID }: TaskInspect): Engine | undefined {
    return NodeID === undefined ? undefined : this.#swarm.engineOfNode(NodeID);
  }

  /** When all of them are done as far as is known; undefined while one waits for more than time. */
  #settledAt(): number | undefined {
    const times = this.#operation.services.map(({ name }) => {
      const state = this.#states.get(name);
      return state?.state === 'done' ? 0 : state?.state === 'waiting' ? state.settledAt : undefined;
    });
    return times.includes(undefined) ? undefined : Math.max(...times.filter((time) => time !== undefined));
  }

  #tellSettling(): void {
    const isSettling = this.#settledAt() !== undefined;
    if (isSettling && !this.#isSettling) this.#run.settling(this.#operation);
    this.#isSettling = isSettling;
  }

  #fitsNoHost(service: ServiceInspect, wanted: number): boolean {
    return isEverywhere(service) && wanted === 0 && performance.now() - this.#begun > emptyMs;
  }

  async #failed(
    service: ServiceInspect,
    { task, times, why }: Extract<ServiceState, { readonly state: 'failed' }>,
  ): Promise<StepFailure> {
    const { Name } = service.Spec;
    const told = service.UpdateStatus?.Message ?? '';
    if (task === undefined)
      return new StepFailure('exited', `${this.#doing}: Swarm gave up the update of ${Name}: ${told}`);
    const often = times > 1 ? `, ${times} times` : '';
    const { State, Err } = task.Status;
    const reason = State === 'rejected' ? 'rejected' : /unhealthy/.test(Err ?? '') ? 'unhealthy' : 'exited';
    const { words, host, lines } = await describeEnd({ ...this.#swarm, manager: this.#run.engine }, service, task);
    const ended = `${words}${often}`;
    const message = why === 'update' && !/paused/.test(told) ? `${ended}; Swarm undid the update` : ended;
    return new StepFailure(reason, `${this.#doing}: ${message}`, { host, evidence: lines });
  }

  /** Tasks that find no host while others leave theirs may find one yet. */
  async #giveUpUnplaced(view: StackView, open: readonly AwaitedService[]): Promise<void> {
    const stuck = open.find(({ name }) => unplacedOf(this.#states.get(name)) !== undefined);
    if (stuck === undefined || (await this.#isMoving(view, stuck))) {
      this.#unplacedSince = undefined;
      return;
    }
    this.#unplacedSince ??= performance.now();
    if (performance.now() - this.#unplacedSince < this.#swarm.unplacedMs) return;
    throw new StepFailure('unplaced', `${this.#doing}: ${await this.#openWords(stuck)}`);
  }

  /** Whether a task of the stack will leave its host, or one of this service begins to run; on a host that is lost nothing moves. */
  async #isMoving(view: StackView, stuck: AwaitedService): Promise<boolean> {
    const own = view.tasks.get(findService(view, stuck)?.ID ?? '') ?? [];
    const moving = [...[...view.tasks.values()].flat().filter(isBeingStopped), ...own.filter(isBeingStarted)];
    if (moving.length === 0) return false;
    const lost = new Set(
      (await nodesOf(this.#run.engine)).filter(({ Status }) => Status.State === 'down').map(({ ID }) => ID),
    );
    return moving.some(({ NodeID }) => NodeID === undefined || !lost.has(NodeID));
  }

  /** What an end by the clock is told with: how far things were, and what they waited for. */
  async #late(thrown: unknown): Promise<unknown> {
    const { reason } = this.#run.soft;
    if (!(reason instanceof DOMException && reason.name === 'TimeoutError')) return thrown;
    const open = this.#operation.services.filter(({ name }) => this.#states.get(name)?.state !== 'done');
    const words = await Promise.all(open.slice(0, 3).map((awaited) => this.#openWords(awaited)));
    const more = open.length > 3 ? [`${open.length - 3} more are not done`] : [];
    return new StepFailure('timed-out', `${this.#doing}: not done in time: ${[...words, ...more].join('; ')}`);
  }

  async #openWords({ name }: AwaitedService): Promise<string> {
    const state = this.#states.get(name);
    if (state === undefined || state.state === 'failed') return `${name} was not looked at`;
    const verb = this.#operation.condition === 'completed' ? 'have completed' : 'run';
    const unplaced = unplacedOf(state);
    // While an update starts first, the old ones run on.
    const counts =
      unplaced !== undefined && state.done >= state.wanted
        ? `a new task of ${name} waits`
        : `${state.done} of ${state.wanted} tasks of ${name} ${verb}`;
    const service = [...(this.#view?.services.values() ?? [])].find(({ Spec }) => Spec.Name === name);
    if (unplaced === undefined || service === undefined) return counts;
    return `${counts}, ${await this.#whyUnplaced(service, unplaced.Status.Err ?? '')}`;
  }

  async #whyUnplaced(service: ServiceInspect, told: string): Promise<string> {
    return await unplacedWords({
      service,
      nodes: await nodesOf(this.#run.engine),
      told,
      explain: this.#swarm.explainPlacement,
    });
  }

  #report(isLast: boolean): void {
    const states = [...this.#states.values()].filter((state) => state.state !== 'failed');
    const done = states.reduce((sum, state) => sum + state.done, 0);
    const wanted = states.reduce((sum, state) => sum + state.wanted, 0);
    const what = this.#operation.condition === 'completed' ? 'have completed' : 'run';
    const text = `${this.#operation.target}: ${done} of ${wanted} tasks ${what}`;
    const now = performance.now();
    if (text === this.#reported.text || (!isLast && now - this.#reported.at < reportMs)) return;
    this.#reported = { at: now, text };
    this.#run.progress(this.#operation, { text, done, wanted });
  }
}

function unplacedOf(state: ServiceState | undefined): TaskInspect | undefined {
  return state?.state === 'waiting' ? state.unplaced : undefined;
}

function findService(view: StackView, { id, name }: AwaitedService): ServiceInspect | undefined {
  if (id !== undefined) return view.services.get(id);
  return [...view.services.values()].find(({ Spec }) => Spec.Name === name);
}

const ends: ReadonlySet<string> = new Set(['complete', 'failed', 'rejected', 'shutdown', 'orphaned', 'remove']);

/** The ids of some tasks. */
function tasksThat(view: StackView, isMeant: (task: TaskInspect) => boolean): ReadonlySet<string> {
  const tasks = [...view.tasks.values()].flat();
  return new Set(tasks.filter(isMeant).map(({ ID }) => ID as string));
}

function isRunning({ Status }: TaskInspect): boolean {
  return Status.State === 'running';
}

/** What it holds will be free in a moment. */
function isBeingStopped({ Status, DesiredState }: TaskInspect): boolean {
  return /^(?:shutdown|remove)$/.test(DesiredState) && /^(?:running|starting)$/.test(Status.State);
}

function isBeingStarted({ Status }: TaskInspect): boolean {
  return /^(?:assigned|accepted|preparing|starting)$/.test(Status.State);
}
