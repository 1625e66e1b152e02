import type { HostRecord } from './host-store.ts';

/** By what a host is found, besides its id. */
export type HostKey = 'name' | 'keyFingerprint' | 'engineId';

/** Hosts by id and by what no two of them share. */
export class HostIndex {
  readonly #hosts = new Map<string, HostRecord>();
  readonly #ids: { readonly [Key in HostKey]: Map<string, string> } = {
    name: new Map(),
    keyFingerprint: new Map(),
    engineId: new Map(),
  };

  hosts(): Iterable<HostRecord> {
    return this.#hosts.values();
  }

  get(key: HostKey, value: string): HostRecord | undefined {
    const id = this.#ids[key].get(value);
    return id === undefined ? undefined : this.#hosts.get(id);
  }

  /** Puts a host in, or in the place of what was known by its id. */
  set(host: HostRecord): void {
    this.delete(host.id);
    this.#hosts.set(host.id, host);
    for (const [key, value] of valuesOf(host)) this.#ids[key].set(value, host.id);
  }

  delete(id: string): void {
    const host = this.#hosts.get(id);
    if (host === undefined) return;
    this.#hosts.delete(id);
    for (const [key, value] of valuesOf(host)) if (this.#ids[key].get(value) === id) this.#ids[key].delete(value);
  }
}

function valuesOf({ name, keyFingerprint, engineId }: HostRecord): readonly (readonly [HostKey, string])[] {
  const values = [['name', name] as const, ['keyFingerprint', keyFingerprint] as const];
  return engineId === undefined ? values : [...values, ['engineId', engineId]];
}
