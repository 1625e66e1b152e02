import { Refusal } from '../refusal.ts';
import type { HostRecord, HostStore } from './host-store.ts';

/**
 * All hosts that the store holds, in memory.
 *
 * INVARIANTS: what `change` and `join` resolved for is on disk; writes go one after the other; of the hosts that are kept, no two share a name, a key or an engine.
 */
export class HostTable {
  readonly #store: HostStore;
  readonly #hosts = new Map<string, HostRecord>();
  #last: Promise<unknown> = Promise.resolve();
  readonly #noted = new Set<string>();
  #writing: Promise<void> | undefined;

  constructor(store: HostStore) {
    this.#store = store;
  }

  /** Reads the store; forgets hosts that were removed and whose certificates ended before then. */
  async load(now: Date): Promise<void> {
    await this.#store.forgetRemoved(now.toISOString());
    for (const host of await this.#store.list()) this.#hosts.set(host.id, host);
  }

  byId(id: string): HostRecord | undefined {
    return this.#hosts.get(id);
  }

  /** The hosts that were not removed, by name; of one environment where it is named. */
  kept(environment?: string): HostRecord[] {
    return [...this.#hosts.values()]
      .filter((host) => host.phase !== 'removed' && (environment === undefined || host.environment === environment))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The kept host of this key or this engine. */
  keptBy(field: 'keyFingerprint' | 'engineId' | 'name', value: string | undefined): HostRecord | undefined {
    if (value === undefined) return undefined;
    for (const host of this.#hosts.values()) if (host.phase !== 'removed' && host[field] === value) return host;
    return undefined;
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
      this.#hosts.set(id, changed);
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
    this.#hosts.set(id, { ...host, ...fields });
    this.#noted.add(id);
    this.#writing ??= this.#afterOthers(async () => {
      this.#writing = undefined;
      const hosts = [...this.#noted].flatMap((each) => this.#hosts.get(each) ?? []);
      this.#noted.clear();
      await this.#store.save(hosts);
    });
    return this.#writing;
  }

  /** Saves a host that joins by a token; false when the token is not good for one more any more. */
  join(host: HostRecord, token: { readonly id: string; readonly now: string }): Promise<boolean> {
    return this.#afterOthers(async () => {
      const joined = await this.#store.join(host, token);
      if (joined) this.#hosts.set(host.id, host);
      return joined;
    });
  }

  #afterOthers<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** The name that was asked for, or the first with a number behind it that no kept host bears. */
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
      if (this.keptBy('name', candidate) === undefined) return candidate;
    }
  }
}
