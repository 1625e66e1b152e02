import { Refusal } from '../refusal.ts';
import type { HostRecord, HostStore } from './host-store.ts';

/**
 * All hosts that the store holds, in memory.
 *
 * INVARIANTS: what `save` resolved for is on disk; of the hosts that are kept, no two share a name, a key or an engine.
 */
export class HostTable {
  readonly #store: HostStore;
  readonly #hosts = new Map<string, HostRecord>();

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

  async save(host: HostRecord): Promise<HostRecord> {
    await this.#store.save(host);
    this.#hosts.set(host.id, host);
    return host;
  }

  /** Changes fields of a host as it is when the change is made. */
  async change(id: string, fields: Partial<Omit<HostRecord, 'id'>>): Promise<HostRecord | undefined> {
    const host = this.#hosts.get(id);
    return host === undefined ? undefined : await this.save({ ...host, ...fields });
  }

  /** Saves a host that joins by a token; false when the token is not good for one more any more. */
  async join(host: HostRecord, token: { readonly id: string; readonly now: string }): Promise<boolean> {
    const joined = await this.#store.join(host, token);
    if (joined) this.#hosts.set(host.id, host);
    return joined;
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
