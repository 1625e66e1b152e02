import type { ChangeFeed } from '../change-feed.ts';
import { Host } from '../host/host.ts';
import type { HostGroup } from '../host/host-group.ts';
import { type Log, logOfHost } from '../log.ts';
import type { EnvironmentHosts, JoinedHost } from './environment-hosts.ts';

interface Watched {
  readonly host: Host;
  readonly liveness: EventTarget;
}

/**
 * Watches the engine of every host that joined an environment.
 *
 * INVARIANTS: between `start` and `stop` there is one `Host` for each that joined and none for others; one that is renamed is watched
 * anew, since its containers carry its name.
 */
export class WatchedHosts implements HostGroup {
  readonly #hosts: EnvironmentHosts;
  readonly #feed: ChangeFeed;
  readonly #log: Log;
  readonly #watched = new Map<string, Watched>();
  readonly #ids = new Map<Host, string>();
  #all: readonly Host[] | undefined;
  /** Ends of watches that were taken down. */
  readonly #ending = new Set<Promise<void>>();
  #unsubscribe: (() => void) | undefined;

  constructor({
    hosts,
    feed,
    log,
  }: { readonly hosts: EnvironmentHosts; readonly feed: ChangeFeed; readonly log: Log }) {
    this.#hosts = hosts;
    this.#feed = feed;
    this.#log = log;
  }

  hosts(): readonly Host[] {
    this.#all ??= [...this.#ids.keys()];
    return this.#all;
  }

  /** The id of a watched host. */
  idOf(host: Host): string | undefined {
    return this.#ids.get(host);
  }

  /** Begins to watch; resolves when every host is seen, or known to be away. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#hosts.onChange((id) => this.#changed(id));
    await Promise.all(this.#hosts.list().map((joined) => this.#watch(joined)));
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    for (const id of [...this.#watched.keys()]) this.#drop(id);
    await Promise.all(this.#ending);
  }

  #changed(id: string): void {
    const joined = this.#hosts.get(id);
    const watched = this.#watched.get(id);
    if (joined === undefined) {
      if (watched !== undefined) this.#drop(id);
      return;
    }
    if (watched !== undefined && watched.host.name === joined.name) {
      if (joined.reachable) watched.liveness.dispatchEvent(new Event('alive'));
      return;
    }
    this.#drop(id);
    void this.#watch(joined);
  }

  async #watch({ id, name }: JoinedHost): Promise<void> {
    const liveness = new EventTarget();
    const host = new Host({
      engine: this.#hosts.engineOf(id),
      changes: this.#hosts.changesOf?.(id),
      endpoint: `the host ${name}`,
      name,
      readsTasks: true,
      sharesFiles: false,
      feed: this.#feed,
      liveness,
      log: logOfHost(this.#log, name),
    });
    this.#watched.set(id, { host, liveness });
    this.#ids.set(host, id);
    this.#all = undefined;
    await host.start();
  }

  #drop(id: string): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    this.#watched.delete(id);
    this.#ids.delete(watched.host);
    this.#all = undefined;
    const ended = watched.host.stop().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
    this.#feed.publish({ type: 'resync' });
  }
}
