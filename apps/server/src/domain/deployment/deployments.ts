import { randomBytes } from 'node:crypto';
import { unreachable } from '@drover/base';
import { type DeploymentEvent, type DeploymentView, isEnded } from '@drover/contract';
import type { ChangeFeed } from '../change-feed.ts';
import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import type { Environment, Source } from '../source/source.ts';
import { keptRevisions } from '../stack/revision.ts';
import type { DeploymentRecord, DeploymentStore } from './deployment-store.ts';
import { failureOf, isBug } from './failure.ts';
import { Progress } from './progress.ts';
import type { DeploymentRequest } from './request.ts';
import type { DeploymentRun, Outcome, Workers } from './run.ts';

export interface DeploymentsOptions {
  readonly store: DeploymentStore;
  readonly workers: Workers;
  readonly feed: ChangeFeed;
  readonly log: Log;
  /** Resolves when the engine can be talked to, when waiting longer is no use, or when the signal fires. */
  readonly engineReady: (signal: AbortSignal) => Promise<void>;
  /** Called when something was changed, before anybody hears of it. */
  readonly onChanged: () => void;
  /** Called after each deployment has ended, with the revisions that are not kept any more. Must not reject. */
  readonly afterEnd: (stack: string, forgotten: readonly number[]) => Promise<void>;
}

interface Running {
  readonly record: DeploymentRecord;
  readonly progress: Progress;
  readonly cancel: AbortController;
  readonly done: Promise<void>;
}

/** How often a deployment is begun anew when the server ends under it each time. */
const mostAttempts = 5;
const keptDeployments = 50;

/**
 * Deployments: durable before they are acknowledged, one at a time a stack, gone on with after a crash.
 *
 * INVARIANTS: a deployment is in the store before anybody hears of it; its states only move forward; what has not ended in the
 * store either runs here or is begun anew at the next start.
 */
export class Deployments {
  readonly #options: DeploymentsOptions;
  readonly #running = new Map<string, Running>();
  readonly #stopping = new AbortController();

  constructor(options: DeploymentsOptions) {
    this.#options = options;
  }

  /** Goes on with what a crash or a stop cut off, as soon as the engine is there. */
  async start(): Promise<void> {
    for (const record of await this.#options.store.unfinished()) this.#launch(record, this.#options.engineReady);
  }

  /** Drops what runs where it stands; it is gone on with at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Keeps a new deployment and begins it. It is durable when this resolves. */
  async begin(
    stack: string,
    request: DeploymentRequest,
    draft?: { readonly source: Source; readonly environment: Environment | undefined },
  ): Promise<DeploymentView> {
    if (this.#stopping.signal.aborted) throw new Refusal('stopping', 'Drover is stopping; ask again when it is back');
    const record = await this.#options.store.begin({ id: newId(), stack, action: request.action }, request, draft);
    this.#launch(record);
    return this.#view(record);
  }

  async get(id: string): Promise<DeploymentView> {
    const record = await this.#options.store.find(id);
    if (record === undefined)
      throw new Refusal('not-found', `looking for the deployment ${id.slice(0, 40)}: there is none`);
    return this.#view(record);
  }

  async list(stack: string, limit: number): Promise<DeploymentView[]> {
    return (await this.#options.store.list(stack, limit)).map((record) => this.#view(record));
  }

  /** What happens, from the beginning to the end, however late one asks. */
  async *events(id: string, signal: AbortSignal): AsyncGenerator<DeploymentEvent> {
    const running = this.#running.get(id);
    if (running !== undefined) {
      yield* running.progress.read(signal);
      return;
    }
    const view = await this.get(id);
    const kept = await this.#options.store.events(id);
    yield* kept;
    const at = view.endedAt ?? view.createdAt;
    yield { type: 'state', at, state: view.state };
    if (isEnded(view.state)) yield { type: 'ended', at, deployment: view };
  }

  /** Cancels a deployment; what served before is put back. One that has ended is left as it is. */
  async cancel(id: string): Promise<DeploymentView> {
    const running = this.#running.get(id);
    if (running === undefined) {
      const view = await this.get(id);
      if (isEnded(view.state)) throw new Refusal('not-now', `cancelling ${id}: it has ended already (${view.state})`);
    }
    await this.#options.store.requestCancel(id);
    this.#running.get(id)?.cancel.abort();
    return await this.get(id);
  }

  #launch(record: DeploymentRecord, ready: DeploymentsOptions['engineReady'] = async () => {}): void {
    const progress = new Progress();
    const cancel = new AbortController();
    if (record.cancelRequested) cancel.abort();
    const running: Running = {
      record,
      progress,
      cancel,
      done: Promise.resolve().then(() => this.#work(record.id, progress, cancel.signal, ready)),
    };
    this.#running.set(record.id, running);
  }

  async #work(
    id: string,
    progress: Progress,
    cancelled: AbortSignal,
    ready: DeploymentsOptions['engineReady'],
  ): Promise<void> {
    const { store, log, afterEnd } = this.#options;
    const abandoned = this.#stopping.signal;
    let stack: string | undefined;
    try {
      const record = await store.start(id);
      if (record === undefined) return;
      stack = record.stack;
      const report: DeploymentRun['report'] = (event) =>
        progress.add({ ...event, at: new Date().toISOString() } as DeploymentEvent);
      report({ type: 'state', state: 'running' });
      this.#announce(record);
      const resumed = record.attempts > 1;
      if (resumed)
        report({ type: 'message', level: 'warning', text: 'Drover was restarted meanwhile and goes on with it' });
      // After a start the engine may be a little later than Drover, and an agent dials in again.
      await ready(AbortSignal.any([abandoned, cancelled]));
      const outcome = await this.#attempt({ record, cancelled, abandoned, resumed, progress, report });
      if (abandoned.aborted || outcome === undefined) return;
      await this.#end(record, outcome, progress);
    } catch (error) {
      log.error(
        { err: error, deployment: id },
        'a deployment could not be carried on; it is begun anew at the next start',
      );
    } finally {
      this.#running.delete(id);
      if (stack !== undefined && !abandoned.aborted) {
        const keep = { revisions: keptRevisions, deployments: keptDeployments };
        await afterEnd(stack, await store.prune(stack, keep).catch(() => []));
      }
    }
  }

  async #attempt(run: DeploymentRun): Promise<Outcome | undefined> {
    const { store, log } = this.#options;
    try {
      if (run.record.attempts > mostAttempts)
        throw new Refusal(
          'not-now',
          `${run.record.action}: given up, because Drover ended ${mostAttempts} times while it ran`,
        );
      return await this.#carryOut(run, await store.request(run.record.id));
    } catch (error) {
      if (run.abandoned.aborted) return undefined;
      if (isBug(error)) log.error({ err: error, deployment: run.record.id }, 'a deployment failed by a bug');
      if (run.cancelled.aborted)
        return { state: 'cancelled', failure: { reason: 'cancelled', message: `${run.record.action} was cancelled` } };
      return { state: 'failed', failure: failureOf(error) };
    }
  }

  #carryOut(run: DeploymentRun, request: DeploymentRequest): Promise<Outcome> {
    const { workers } = this.#options;
    switch (request.action) {
      case 'deploy':
        return workers.deploy(run, request);
      case 'rollback':
        return workers.rollback(run, request);
      case 'stop':
        return workers.stop(run, request);
      case 'start':
        return workers.start(run, request);
      case 'restart':
        return workers.restart(run, request);
      case 'remove':
        return workers.remove(run, request);
      case 'pull':
        return workers.pull(run, request);
      case 'build':
        return workers.build(run, request);
      case 'adopt':
        return workers.adopt(run, request);
      default:
        return unreachable(request);
    }
  }

  async #end(before: DeploymentRecord, outcome: Outcome, progress: Progress): Promise<void> {
    const { store, log, onChanged } = this.#options;
    onChanged();
    const { operationsTotal, operationsDone } = progress;
    const record = await store.end(before.id, {
      ...outcome,
      operationsTotal,
      operationsDone,
      events: progress.events(),
    });
    log.info(
      {
        deployment: record.id,
        stack: record.stack,
        action: record.action,
        state: record.state,
        reason: record.failure?.reason,
      },
      'a deployment ended',
    );
    const at = record.endedAt ?? new Date().toISOString();
    progress.add({ type: 'state', at, state: record.state });
    progress.add({ type: 'ended', at, deployment: this.#view(record) });
    this.#announce(record);
  }

  #announce({ id, stack, state }: DeploymentRecord): void {
    this.#options.feed.publish({ type: 'deployment', stack, deployment: id, state });
    this.#options.feed.publish({ type: 'stack', stack });
  }

  #view(record: DeploymentRecord): DeploymentView {
    const live = isEnded(record.state) ? undefined : this.#running.get(record.id)?.progress;
    const optional = {
      revision: record.revision,
      previousRevision: record.previousRevision,
      servingRevision: record.servingRevision,
      startedAt: record.startedAt,
      endedAt: record.endedAt,
      failure: record.failure,
    };
    return {
      id: record.id,
      stack: record.stack,
      action: record.action,
      state: record.state,
      createdAt: record.createdAt,
      operationsTotal: live?.operationsTotal ?? record.operationsTotal,
      operationsDone: live?.operationsDone ?? record.operationsDone,
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    };
  }
}

/** Ids of later deployments sort behind those of earlier ones. */
function newId(): string {
  return `${Date.now().toString(36).padStart(9, '0')}${randomBytes(6).toString('hex')}`;
}
