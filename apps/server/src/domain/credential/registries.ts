import type { RegistryView } from '@drover/contract';
import type { RegistryAuth } from '@drover/engine';
import { Refusal } from '../refusal.ts';

export interface RegistryRecord extends RegistryView {
  readonly password: string;
}

export interface RegistryStore {
  list(): Promise<readonly RegistryView[]>;
  find(server: string): Promise<RegistryRecord | undefined>;
  save(server: string, username: string, password: string): Promise<RegistryView>;
  remove(server: string): Promise<boolean>;
}

const hubAddress = 'https://index.docker.io/v1/';

/** Accounts at registries, for pulls and builds. Passwords go in and never come out. */
export class Registries {
  readonly #store: RegistryStore;

  constructor(store: RegistryStore) {
    this.#store = store;
  }

  async list(): Promise<RegistryView[]> {
    return [...(await this.#store.list())];
  }

  async save(server: string, username: string, password: string): Promise<RegistryView> {
    return await this.#store.save(registryHost(server), username, password);
  }

  async remove(server: string): Promise<{ removed: string }> {
    const host = registryHost(server);
    if (!(await this.#store.remove(host)))
      throw new Refusal('not-found', `forgetting the account at ${host}: there is none`);
    return { removed: host };
  }

  /** The account for a registry host, as the engine takes it. */
  async credentials(host: string): Promise<RegistryAuth | undefined> {
    const record = await this.#store.find(registryHost(host));
    if (record === undefined) return undefined;
    const { username, password, server } = record;
    return { username, password, serveraddress: server === 'docker.io' ? hubAddress : server };
  }
}

/** A registry by its host and port, however it was written; Docker Hub is `docker.io`. */
export function registryHost(text: string): string {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  if (!/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/.test(host))
    throw new Refusal('invalid', `${JSON.stringify(text.slice(0, 80))} is no registry: give its host, such as ghcr.io`);
  return /^(index\.|registry-1\.|registry\.)?docker\.io$|^hub\.docker\.com$/.test(host) ? 'docker.io' : host;
}
