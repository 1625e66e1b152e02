import { createEngine, dialerFor, type Engine } from '@drover/engine';
import type { Lab } from '@drover/lab';
import type { ClusterHost, WantedCluster } from '@drover/orchestration';
import { ClusterKeeper } from '../../src/domain/cluster/cluster-keeper.ts';
import type { ClusterView } from '../../src/domain/cluster/cluster-view.ts';
import type { Log } from '../../src/domain/log.ts';

type Changeable<T> = { -readonly [Key in keyof T]: T[Key] };

export interface StageMember {
  readonly name: string;
  readonly address: string;
  readonly engine: Engine;
}

/** The hosts of a lab. */
export function membersOf(lab: Lab): readonly StageMember[] {
  return lab.hosts.map(({ name, address, dockerHost }) => ({
    name,
    address,
    engine: createEngine({ dialer: dialerFor(dockerHost) }),
  }));
}

/** A keeper over some hosts, with what it wants, logs and keeps in the test's hands. */
export class ClusterStage {
  readonly hosts: Changeable<ClusterHost>[];
  readonly engines: ReadonlyMap<string, Engine>;
  readonly keeper: ClusterKeeper;
  readonly logged: string[] = [];
  wanted: WantedCluster;
  unlockKey: string | null = null;
  readonly #waiting = new Set<(view: ClusterView) => void>();

  constructor(members: readonly StageMember[], wanted: WantedCluster, everyMs = 1_000) {
    this.wanted = wanted;
    this.engines = new Map(members.map(({ name, engine }) => [name, engine]));
    this.hosts = members.map(({ name, address, engine }) => ({
      id: name,
      name,
      address,
      engine,
      reachable: true,
      labels: {},
      availability: 'active',
    }));
    const note = (fields: object, message: string) => this.logged.push(`${message} ${JSON.stringify(fields)}`);
    const log: Log = { debug: note, info: note, warn: note, error: note };
    this.keeper = new ClusterKeeper({
      hosts: () => this.hosts,
      wanted: () => this.wanted,
      secrets: {
        load: async () => this.unlockKey,
        save: async (key) => {
          this.unlockKey = key;
        },
      },
      log,
      everyMs,
      answerMs: 5_000,
      onCluster: (clusterId) => {
        this.wanted = { ...this.wanted, clusterId };
      },
      onView: (view) => {
        for (const waiting of this.#waiting) waiting(view);
      },
    });
  }

  host(name: string): Changeable<ClusterHost> {
    return this.hosts.find((host) => host.name === name) as Changeable<ClusterHost>;
  }

  /** Waits for a view; fails with the last one. */
  async until(what: string, holds: (view: ClusterView) => boolean, withinMs = 60_000): Promise<ClusterView> {
    return await new Promise((resolve, reject) => {
      const look = (view: ClusterView) => {
        if (!holds(view)) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(view);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const last = [JSON.stringify(this.keeper.view, null, 1), ...this.logged.slice(-30)];
        reject(new Error(`${what} did not come about in time:\n${last.join('\n')}`));
      }, withinMs);
      this.#waiting.add(look);
      look(this.keeper.view);
    });
  }

  async end(): Promise<void> {
    await this.keeper.stop();
    for (const engine of this.engines.values()) engine.close();
  }
}
