import { isEnvironmentName, messageOf } from '@drover/base';
import type { ChangeEvent, EnvironmentKind, EnvironmentView } from '@drover/contract';
import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import type { EnvironmentDomain, RunningEnvironment } from './environment-domain.ts';
import { type EnvironmentRecord, type EnvironmentStore, localEnvironment } from './environment-store.ts';

export interface EnvironmentsOptions {
  readonly store: EnvironmentStore;
  /** Puts one together; refuses a kind that cannot be had. */
  readonly create: (environment: { readonly name: string; readonly kind: EnvironmentKind }) => RunningEnvironment;
  /** Why an environment must stay beside its stacks, such as "the host web-1 is in it"; undefined lets it go. */
  readonly heldBy?: ((environment: string) => Promise<string | undefined>) | undefined;
  readonly log: Log;
}

/** More than this many are refused: each holds a connection and its containers in memory. */
const mostEnvironments = 500;

/**
 * All environments, by name.
 *
 * INVARIANTS: between `start` and `stop` what is in the store runs here, but for one that is just coming or going; one whose engine is
 * away, or that cannot be started, stops no other.
 */
export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #running = new Map<string, RunningEnvironment>();
  /** Starts that have not ended; never rejects. */
  readonly #starting = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
  }

  /**
   * Starts all of them. When this resolves, deployments that were cut off are under way, and `local` knows its engine, or knows that it is
   * away; the other engines are looked for meanwhile.
   */
  async start(): Promise<void> {
    for (const { name, kind } of await this.#options.store.list()) {
      try {
        const running = this.#options.create({ name, kind });
        this.#running.set(name, running);
        await running.resume();
      } catch (error) {
        this.#options.log.error({ environment: name, reason: messageOf(error) }, 'an environment cannot be had');
      }
    }
    const local = this.#running.get(localEnvironment);
    for (const each of this.#running.values()) if (each !== local) this.#startSoon(each);
    await local?.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#running.values()].map((each) => each.stop()));
    await Promise.all(this.#starting);
  }

  /** Refuses (`not-found`) a name that is none. */
  get(name: string): EnvironmentDomain {
    const running = this.#running.get(name);
    if (running === undefined) throw unknown(name);
    return running.domain;
  }

  /** Undefined for a name that is none. */
  kindOf(name: string): EnvironmentKind | undefined {
    return this.#running.get(name)?.domain.kind;
  }

  /** The Swarm of an environment; undefined where it has none, or is not there. */
  clusterOf(name: string): EnvironmentDomain['cluster'] {
    return this.#running.get(name)?.domain.cluster;
  }

  async list(): Promise<EnvironmentView[]> {
    return (await this.#options.store.list()).map((record) => this.#view(record));
  }

  async describe(name: string): Promise<EnvironmentView> {
    const record = await this.#options.store.find(name);
    if (record === undefined) throw unknown(name);
    return this.#view(record);
  }

  /** Makes one, which has no host yet. */
  async create(name: string, kind: EnvironmentKind): Promise<EnvironmentView> {
    const { store, create } = this.#options;
    if (this.#stopped) throw new Refusal('stopping', 'Drover is stopping; ask again when it is back');
    if (!isEnvironmentName(name))
      throw new Refusal(
        'invalid',
        `${JSON.stringify(name.slice(0, 80))} is no name for an environment: it must begin with a lower-case letter or digit and hold only those and "-", at most 63`,
      );
    if (this.#running.size >= mostEnvironments)
      throw new Refusal('not-now', `making the environment ${name}: there are ${mostEnvironments}, which is the most`);
    const running = create({ name, kind });
    const record = await store.add(name, kind);
    this.#running.set(name, running);
    if (!this.#stopped) this.#startSoon(running);
    this.announce({ type: 'environments' });
    return this.#view(record);
  }

  /** Removes one that holds nothing. What stands on its hosts is not touched. */
  async remove(name: string): Promise<{ removed: string }> {
    const { store, heldBy } = this.#options;
    if (name === localEnvironment)
      throw new Refusal('not-now', 'removing the environment local: it is the engine of this server, always there');
    if ((await store.find(name)) === undefined) throw unknown(name);
    const reason = await heldBy?.(name);
    if (reason !== undefined) throw new Refusal('not-now', `removing the environment ${name}: ${reason}`);
    await store.remove(name);
    const running = this.#running.get(name);
    this.#running.delete(name);
    await running?.stop();
    this.announce({ type: 'environments' });
    return { removed: name };
  }

  #startSoon(environment: RunningEnvironment): void {
    const { name } = environment.domain;
    const started = environment
      .start()
      .catch((error) => this.#options.log.error({ environment: name, err: error }, 'an environment did not start'))
      .finally(() => this.#starting.delete(started));
    this.#starting.add(started);
  }

  /** Tells those who watch any environment something that concerns the whole server. */
  announce(event: ChangeEvent): void {
    for (const each of this.#running.values()) each.announce(event);
  }

  #view({ name, kind, createdAt, stackCount }: EnvironmentRecord): EnvironmentView {
    const engine = this.#running.get(name)?.domain.engine();
    const reason = engine === undefined ? 'it is not running' : engine.reason;
    return {
      name,
      kind,
      createdAt,
      state: engine?.state ?? 'unreachable',
      ...(reason === undefined ? {} : { reason }),
      stacks: stackCount,
    };
  }
}

function unknown(name: string): Refusal {
  return new Refusal('not-found', `there is no environment ${JSON.stringify(name.slice(0, 80))}`);
}
