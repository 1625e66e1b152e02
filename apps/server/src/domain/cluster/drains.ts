import { messageOf } from '@drover/base';
import type { DrainEvent } from '@drover/contract';
import { AsyncQueue } from '@drover/engine/stream/queue';
import type { EnvironmentHosts, JoinedHost } from '../environment/environment-hosts.ts';
import type { Log } from '../log.ts';
import { type ClusterKeeper, ClusterRefusal } from './cluster-keeper.ts';

/** Drains under way by the ids of their hosts, as they are kept. */
export type KeptDrains = { readonly [hostId: string]: KeptDrain };

export interface KeptDrain {
  /** Whether tasks that no other host can take are stopped all the same. */
  readonly stopStuck: boolean;
  /** What the host is again when it fails or is ended. */
  readonly before: 'kept' | 'cordoned' | 'drained';
}

export interface DrainsOptions {
  readonly keeper: ClusterKeeper;
  readonly hosts: EnvironmentHosts;
  readonly log: Log;
  readonly kept: () => KeptDrains;
  readonly keep: (drains: KeptDrains) => Promise<void>;
}

const phaseOf = { active: 'kept', pause: 'cordoned', drain: 'drained' } as const;

interface Followed {
  readonly followers: Set<AsyncQueue<DrainEvent>>;
  last?: DrainEvent;
}

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Hosts that are being emptied. A drain goes on when nobody follows it, and after a restart of the server; it can be ended, and when
 * it fails or is ended the host is as it was before.
 */
export class Drains {
  readonly #options: DrainsOptions;
  readonly #running = new Map<string, Running>();
  readonly #followed = new Map<string, Followed>();
  #stopping = false;

  constructor(options: DrainsOptions) {
    this.#options = options;
  }

  /** Whether a host is being emptied, or will be once the Swarm can be asked again. */
  isUnderWay(hostId: string): boolean {
    return Object.hasOwn(this.#options.kept(), hostId);
  }

  /** Goes on with the drains that a stop of the server cut off, as soon as the Swarm can be asked. */
  resume(): void {
    const { keeper, hosts, kept, log } = this.#options;
    if (this.#stopping || keeper.view.leader === null) return;
    for (const [hostId, drain] of Object.entries(kept())) {
      const host = hosts.get(hostId);
      if (host === undefined) void this.end(hostId);
      else if (!this.#running.has(hostId) && keeper.membershipOf(hostId) !== undefined) {
        log.info({ host: host.name }, 'a drain goes on');
        this.#begin(host, drain);
      }
    }
  }

  /** Empties a host, or joins in where that is under way, and tells what happens in words; rejects with what made it fail. */
  async *drain(
    host: JoinedHost,
    { stopStuck }: Pick<KeptDrain, 'stopStuck'>,
    signal: AbortSignal,
  ): AsyncGenerator<DrainEvent> {
    const { kept, keep } = this.#options;
    const followed = this.#followed.get(host.id) ?? { followers: new Set() };
    this.#followed.set(host.id, followed);
    const told = new AsyncQueue<DrainEvent>();
    if (followed.last !== undefined) told.push(followed.last);
    followed.followers.add(told);
    const leave = () => told.close();
    signal.addEventListener('abort', leave, { once: true });
    try {
      if (!this.isUnderWay(host.id)) {
        const drain = { stopStuck, before: phaseOf[host.availability] };
        await keep({ ...kept(), [host.id]: drain });
        this.#begin(host, drain);
      }
      yield* told;
    } finally {
      signal.removeEventListener('abort', leave);
      followed.followers.delete(told);
    }
  }

  /** Ends a drain; resolves once the host is as it was before. */
  async end(hostId: string): Promise<void> {
    const running = this.#running.get(hostId);
    running?.stop.abort();
    await running?.ended;
    const drain = this.#options.kept()[hostId];
    if (drain === undefined) return;
    // It was not gone on with yet.
    await this.#giveUp(hostId, drain);
    this.#close(hostId, new ClusterRefusal('draining: it was ended'));
  }

  /** No drain is begun any more; those under way are gone on with after the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(Array.from(this.#running.values(), ({ ended }) => ended));
  }

  #begin(host: JoinedHost, drain: KeptDrain): void {
    if (this.#running.has(host.id)) return;
    const stop = new AbortController();
    this.#running.set(host.id, { stop, ended: this.#run(host, drain, stop.signal) });
  }

  async #run(host: JoinedHost, drain: KeptDrain, signal: AbortSignal): Promise<void> {
    const { keeper, hosts, log } = this.#options;
    let failure: unknown;
    try {
      await hosts.setPhase(host.id, 'draining');
      await keeper.drain(host.id, () => hosts.setPhase(host.id, 'drained'), {
        stopStuck: drain.stopStuck,
        signal,
        onProgress: (message) => this.#tell(host.id, { message, ended: false }),
      });
      await this.#forget(host.id);
      this.#tell(host.id, { message: `${host.name} is drained`, ended: true });
    } catch (error) {
      failure = signal.aborted
        ? new ClusterRefusal(`draining ${host.name}: it was ended; the host is as before`)
        : error;
      if (!this.#stopping) {
        log.warn({ host: host.name, reason: messageOf(failure) }, 'a host was not drained');
        await this.#giveUp(host.id, drain);
      }
    } finally {
      this.#running.delete(host.id);
      this.#close(host.id, failure);
    }
  }

  #tell(hostId: string, event: DrainEvent): void {
    const followed = this.#followed.get(hostId);
    if (followed === undefined) return;
    followed.last = event;
    for (const follower of followed.followers) follower.push(event);
  }

  #close(hostId: string, failure: unknown): void {
    const followed = this.#followed.get(hostId);
    this.#followed.delete(hostId);
    for (const follower of followed?.followers ?? []) follower.close(failure);
  }

  async #giveUp(hostId: string, { before }: KeptDrain): Promise<void> {
    const { hosts, log } = this.#options;
    try {
      if (hosts.get(hostId) !== undefined) await hosts.setPhase(hostId, before);
      await this.#forget(hostId);
    } catch (error) {
      log.error({ host: hostId, reason: messageOf(error) }, 'that a drain is over could not be kept');
    }
  }

  async #forget(hostId: string): Promise<void> {
    const { [hostId]: gone, ...others } = this.#options.kept();
    if (gone === undefined) return;
    await this.#options.keep(others);
    this.#options.keeper.wake();
  }
}
