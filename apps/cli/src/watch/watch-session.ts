import type { WatchAction } from '@drover/compose';
import { ChangeQueue, type Changes } from './change-queue.ts';
import { FolderWatch } from './folder-watch.ts';
import type { WatchRule } from './rule.ts';
import { failureSentence, planFullSync, planSync, type SyncPlan } from './sync-files.ts';

/** What a watch does to the application; one thing at a time. */
export interface WatchActions {
  /** Writes and removes files in every running container of a service. */
  sync(service: string, plan: SyncPlan): Promise<void>;
  rebuild(service: string): Promise<void>;
  restart(service: string): Promise<void>;
  exec(rule: WatchRule): Promise<void>;
}

export interface WatchSessionOptions {
  readonly rules: readonly WatchRule[];
  readonly actions: WatchActions;
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void;
  readonly queue?: ChangeQueue;
}

/**
 * Brings changes of local files into an application as they come.
 *
 * INVARIANTS
 * - One batch of changes is worked off at a time; those that come meanwhile are one batch more.
 * - Work that fails is said, and the watch goes on: the next save is the next try.
 * - A service that is rebuilt gets nothing else of the same batch, since its containers are new.
 */
export class WatchSession {
  readonly #options: WatchSessionOptions;

  constructor(options: WatchSessionOptions) {
    this.#options = options;
  }

  /** Resolves once `signal` fires and what was under way has ended. */
  async run(signal: AbortSignal): Promise<void> {
    const { rules, say, queue = new ChangeQueue() } = this.#options;
    const onChange = (path: string): void => {
      if (rules.some((rule) => rule.covers(path))) queue.add(path);
    };
    const watch = new FolderWatch({ rules, onChange, onProblem: say });
    try {
      await watch.start();
      await this.#initialSync(rules);
      say(`Watching ${[...new Set(rules.map(({ service }) => service))].join(', ')}; Ctrl-C ends it.`);
      for (;;) {
        const changes = await queue.next(signal);
        if (changes === undefined) return;
        await this.#apply(changes);
      }
    } finally {
      watch.stop();
    }
  }

  async #apply(changes: Changes): Promise<void> {
    const { rules } = this.#options;
    const hit = rules.filter((rule) => changes.everything || changes.paths.some(rule.covers));
    for (const service of new Set(hit.map((rule) => rule.service))) {
      const own = hit.filter((rule) => rule.service === service);
      if (own.some(({ action }) => action === 'rebuild')) {
        const done = await this.#try(`rebuilding ${service}`, () => this.#options.actions.rebuild(service));
        if (done) await this.#initialSync(rules.filter((rule) => rule.service === service));
      } else await this.#applyTo(service, own, changes);
    }
  }

  async #applyTo(service: string, rules: readonly WatchRule[], changes: Changes): Promise<void> {
    const { actions } = this.#options;
    const synced: WatchRule[] = [];
    for (const rule of rules.filter(({ action }) => action.startsWith('sync'))) {
      const plan = changes.everything ? planFullSync(rule) : planSync(rule, changes.paths);
      if (await this.#sync(rule, await plan)) synced.push(rule);
    }
    const restarts: readonly WatchAction[] = ['restart', 'sync+restart'];
    if (rules.some((rule) => restarts.includes(rule.action) && (rule.action === 'restart' || synced.includes(rule))))
      await this.#try(`restarting ${service}`, () => actions.restart(service));
    for (const rule of synced.filter(({ action }) => action === 'sync+exec'))
      await this.#try(`running the command of ${service}`, () => actions.exec(rule));
  }

  async #initialSync(rules: readonly WatchRule[]): Promise<void> {
    for (const rule of rules) {
      if (!rule.initialSync || !rule.action.startsWith('sync')) continue;
      await this.#try(`reading ${rule.path}`, async () => void (await this.#sync(rule, await planFullSync(rule))));
    }
  }

  async #sync({ service, path }: WatchRule, plan: SyncPlan): Promise<boolean> {
    if (plan.files.size === 0 && plan.remove.length === 0) return false;
    return await this.#try(`synchronising ${path} with ${service}`, async () => {
      await this.#options.actions.sync(service, plan);
      const written = plan.files.size === 0 ? [] : [`${plan.files.size} written`];
      const removed = plan.remove.length === 0 ? [] : [`${plan.remove.length} removed`];
      this.#options.say(`${service}: ${[...written, ...removed].join(', ')}`);
    });
  }

  async #try(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#options.say(failureSentence(what, error));
      return false;
    }
  }
}
