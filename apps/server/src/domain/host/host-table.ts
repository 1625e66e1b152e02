import { Refusal } from '../refusal.ts';
import { HostIndex, type HostKey } from './host-index.ts';
import type { HostJoin, HostRecord, HostStore } from './host-store.ts';

interface WaitingJoin extends HostJoin {
  readonly settle: (isStored: boolean | Promise<never>) => void;
}

/**
 * All hosts that the store holds, in memory.
 *
 * INVARIANTS: what `change` and `join` resolved for is on disk; writes go one after the other; of the hosts that are kept or about to join,
 * no two share a name, a key or an engine.
 */
export class HostTable {
  readonly #store: HostStore;
  readonly #hosts = new Map<string, HostRecord>();
  readonly #kept = new HostIndex();
  /** Hosts that are about to join. */
  readonly #coming = new HostIndex();
  #sorted: readonly HostRecord[] | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #noted = new Set<string>();
  #writing: Promise<void> | undefined;
  #joins: WaitingJoin[] = [];

  constructor(store: HostStore) {
    this.#store = store;
  }

  /** Reads the store; forgets hosts that were removed and whose certificates ended before then. */
  async load(now: Date): Promise<void> {
    await this.#store.forgetRemoved(now.toISOString());
    for (const host of await this.#store.list()) this.#set(host);
  }

  byId(id: string): HostRecord | undefined {
    return this.#hosts.get(id);
  }

  /** The hosts that were not removed, by name; of one environment where it is named. */
  kept(environment?: string): readonly HostRecord[] {
    this.#sorted ??= [...this.#kept.hosts()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return environment === undefined ? this.#sorted : this.#sorted.filter((host) => host.environment === environment);
  }

  /** The kept host of this name, key or engine. */
  keptBy(field: HostKey, value: string | undefined): HostRecord | undefined {
    return value === undefined ? undefined : this.#kept.get(field, value);
  }

  /** The same, also of those that are about to join. */
  takenBy(field: HostKey, value: string | undefined): HostRecord | undefined {
    return value === undefined ? undefined : (this.#kept.get(field, value) ?? this.#coming.get(field, value));
  }

  /** A host that is in an environment or about to be. */
  anyOf(environment: string): HostRecord | undefined {
    for (const index of [this.#kept, this.#coming])
      for (const host of index.hosts()) if (host.environment === environment) return host;
    return undefined;
  }

  /** Takes name, key and engine for a host that is about to join, until what it answers is called. */
  take(host: HostRecord): () => void {
    this.#coming.set(host);
    return () => this.#coming.delete(host.id);
  }

  /** A kept host by id or name; throws a `Refusal` where there is none. */
  require(idOrName: string, doing: string): HostRecord {
    const found = this.#hosts.get(idOrName) ?? this.keptBy('name', idOrName);
    if (found === undefined) throw new Refusal('not-found', `${doing}: there is no host ${JSON.stringify(idOrName)}`);
    if (found.phase === 'removed') throw new Refusal('not-found', `${doing}: the host ${found.name} was removed`);
    return found;
  }

  /** Changes fields of a host, whatever other change is under way. Throws a `Refusal` where the host is not kept any more. */
  change(id: string, fields: Partial<Omit<HostRecord, 'id'>>): Promise<HostRecord> {
    return this.#afterOthers(async () => {
      await this.#store.save([{ ...this.require(id, 'changing a host'), ...fields }]);
      const changed = { ...this.require(id, 'changing a host'), ...fields };
      this.#set(changed);
      return changed;
    });
  }

  /**
   * Takes over what an agent says of its host, at once here and soon on disk: a thousand agents that come back after a restart are a few
   * transactions and not a thousand. Resolves when it is on disk; undefined where the host is not kept any more.
   */
  note(id: string, fields: Partial<Omit<HostRecord, 'id' | 'phase' | 'keyFingerprint'>>): Promise<void> | undefined {
    const host = this.#hosts.get(id);
    if (host === undefined || host.phase === 'removed') return undefined;
    this.#set({ ...host, ...fields });
    this.#noted.add(id);
    this.#writing ??= this.#afterOthers(async () => {
      await turnOfTheLoop();
      this.#writing = undefined;
      const hosts = [...this.#noted].flatMap((each) => this.#hosts.get(each) ?? []);
      this.#noted.clear();
      await this.#store.save(hosts);
    });
    return this.#writing;
  }

  /** Saves a host that joins by a token; false when the token is not good for one more any more. Those that come at once share a transaction. */
  join(host: HostRecord, token: HostJoin['token']): Promise<boolean> {
    const { promise, resolve: settle } = Promise.withResolvers<boolean>();
    this.#joins.push({ host, token, settle });
    if (this.#joins.length === 1)
      void this.#afterOthers(async () => {
        await turnOfTheLoop();
        await this.#storeJoins(this.#joins.splice(0));
      });
    return promise;
  }

  async #storeJoins(joins: readonly WaitingJoin[]): Promise<void> {
    try {
      const stored = await this.#store.join(joins.map(({ host, token }) => ({ host, token })));
      joins.forEach(({ host, settle }, at) => {
        if (stored[at] === true) this.#set(host);
        settle(stored[at] === true);
      });
    } catch (error) {
      for (const { settle } of joins) settle(Promise.reject(error));
    }
  }

  #set(host: HostRecord): void {
    this.#hosts.set(host.id, host);
    if (host.phase === 'removed') this.#kept.delete(host.id);
    else this.#kept.set(host);
    this.#sorted = undefined;
  }

  #afterOthers<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** The name that was asked for, or the first with a number behind it that is not taken. */
  freeName(wanted: string): string {
    const base = wanted
      .toLowerCase()
      .replace(/[^a-z0-9.-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 56)
      .replace(/[^a-z0-9]+$/, '');
    const name = base || 'host';
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name}-${number}`;
      if (this.takenBy('name', candidate) === undefined) return candidate;
    }
  }
}

/** Lets everything that has arrived by now be heard, so that it goes to disk together: each transaction waits for the disk. */
function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
