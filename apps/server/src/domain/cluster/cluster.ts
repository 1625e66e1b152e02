import type { ClusterView as ClusterAnswer, RecoveryView, WantedManagersView } from '@drover/contract';
import type { Engine } from '@drover/engine';
import type { ClusterHost, ClusterSecrets, ClusterToken, WantedCluster, WantedManagers } from '@drover/orchestration';
import type { EnvironmentHosts } from '../environment/environment-hosts.ts';
import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import { ClusterKeeper, type Membership, ClusterRefusal } from './cluster-keeper.ts';
import type { ClusterSettings, ClusterSettingsStore } from './cluster-settings.ts';

export interface ClusterOptions {
  readonly hosts: EnvironmentHosts;
  readonly settings: ClusterSettingsStore;
  readonly log: Log;
  /** Called when what is shown of it may have changed. */
  readonly onChange: () => void;
}

/**
 * Milliseconds between two heartbeats in a Swarm that Drover made, for which Swarm's own is 5 000: a host that is lost is called
 * down after about three of them (docs/decisions/1003 has the figures).
 */
const ownHeartbeatMs = 2000;

/** The Swarm of an environment: what is wanted of it, kept, and the keeper that brings it about. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #keeper: ClusterKeeper;
  #settings: ClusterSettings = {};
  #saving: Promise<unknown> = Promise.resolve();
  #unsubscribe: (() => void) | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#keeper = new ClusterKeeper({
      hosts: () => this.#hosts(),
      wanted: () => this.#wanted(),
      secrets: this.#secrets(),
      log: options.log,
      onInit: () => this.#change({ isOwn: true }),
      onCluster: (clusterId) => this.#found(clusterId),
      onRotated: (token) => this.#rotated(token),
      onView: () => options.onChange(),
    });
  }

  /** The Swarm's managers as one engine. */
  get manager(): Engine {
    return this.#keeper.manager;
  }

  /** The part of a host in the Swarm; undefined where it has none, or nobody has looked yet. */
  membershipOf(hostId: string): Membership | undefined {
    return this.#keeper.membershipOf(hostId);
  }

  async start(): Promise<void> {
    this.#settings = (await this.#options.settings.load()) ?? {};
    this.#unsubscribe = this.#options.hosts.onChange((id) => this.#hostChanged(id));
    this.#keeper.start();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.#keeper.stop();
    await this.#saving;
  }

  view(): ClusterAnswer {
    const { nodes, doing, warnings, quorum, ...rest } = this.#keeper.view;
    return {
      ...rest,
      quorum: quorum === null ? null : { ...quorum },
      wantedManagers: managersView(this.#managers()),
      nodes: nodes.map((node) => ({ ...node, labels: { ...node.labels } })),
      doing: [...doing],
      warnings: [...warnings],
    };
  }

  async set(change: {
    readonly managers?: WantedManagersView | undefined;
    readonly heartbeatMs?: number | undefined;
    readonly autolock?: boolean | undefined;
  }): Promise<ClusterAnswer> {
    const { managers, heartbeatMs, autolock } = change;
    if (managers?.mode === 'fixed' && managers.count % 2 === 0)
      throw new Refusal(
        'invalid',
        `setting ${managers.count} managers: an even number bears no more losses than one less; take an odd one`,
      );
    await this.#change({
      ...(managers === undefined ? {} : { managers }),
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
      ...(autolock === undefined ? {} : { autolock }),
    });
    this.#keeper.wake();
    return this.view();
  }

  /** Makes a token or the unlock key anew, as soon as a manager can be asked. */
  async rotate(token: ClusterToken): Promise<ClusterAnswer> {
    await this.#change({ rotate: [...new Set([...(this.#settings.rotate ?? []), token])] });
    this.#keeper.wake();
    return this.view();
  }

  async recovery(signal?: AbortSignal): Promise<RecoveryView> {
    const { refusal, choices, givenUp, warnings } = await this.#keeper.recovery(signal);
    return {
      ...(refusal === undefined ? {} : { refusal }),
      choices: choices.map(({ hostName, reason }) => ({ host: hostName, why: reason })),
      givenUp: [...givenUp],
      warnings: [...warnings],
    };
  }

  /** Goes on from one manager's state, by the host's name or id. */
  async recover(hostNameOrId: string, signal?: AbortSignal): Promise<ClusterAnswer> {
    const host = this.#options.hosts.list().find(({ id, name }) => id === hostNameOrId || name === hostNameOrId);
    if (host === undefined)
      throw new Refusal('not-found', `recovering the Swarm: the environment has no host ${hostNameOrId}`);
    try {
      await this.#keeper.recover(host.id, signal);
    } catch (thrown) {
      if (thrown instanceof ClusterRefusal) throw new Refusal('not-now', thrown.message);
      throw thrown;
    }
    return this.view();
  }

  #hosts(): readonly ClusterHost[] {
    const { hosts } = this.#options;
    return hosts.list().map(({ id, name, reachable, address, labels, availability }) => ({
      id,
      name,
      engine: hosts.engineOf(id),
      reachable,
      ...(address === undefined ? {} : { address }),
      labels,
      availability,
    }));
  }

  #managers(): WantedManagers {
    const { managers, isOwn, clusterId } = this.#settings;
    return managers ?? (isOwn === true || clusterId === undefined ? { mode: 'automatic' } : { mode: 'adopted' });
  }

  #wanted(): WantedCluster {
    const { clusterId, isOwn, heartbeatMs, autolock, unlockKey, rotate, removedNodes } = this.#settings;
    const heartbeat = heartbeatMs ?? (isOwn === true ? ownHeartbeatMs : undefined);
    return {
      managers: this.#managers(),
      ...(clusterId === undefined ? {} : { clusterId }),
      ...(heartbeat === undefined ? {} : { heartbeatMs: heartbeat }),
      ...(autolock === undefined ? {} : { autolock }),
      ...(rotate === undefined ? {} : { rotate }),
      ...(removedNodes === undefined ? {} : { removedNodes }),
      canUnlock: unlockKey !== undefined,
    };
  }

  #secrets(): ClusterSecrets {
    return {
      load: async () => this.#settings.unlockKey ?? null,
      save: async (unlockKey) => {
        const { unlockKey: _, ...rest } = this.#settings;
        await this.#replace(unlockKey === null ? rest : { ...rest, unlockKey });
      },
    };
  }

  async #found(clusterId: string): Promise<void> {
    const { managers, isOwn } = this.#settings;
    const stood = managers === undefined && isOwn !== true;
    await this.#change({ clusterId, ...(stood ? { managers: { mode: 'adopted' } } : {}) });
  }

  async #rotated(token: ClusterToken): Promise<void> {
    await this.#change({ rotate: (this.#settings.rotate ?? []).filter((each) => each !== token) });
  }

  #hostChanged(id: string): void {
    const isHere = this.#options.hosts.list().some((host) => host.id === id);
    const nodeId = this.#keeper.view.nodes.find(({ hostId }) => hostId === id)?.nodeId;
    if (!isHere && nodeId !== undefined) {
      const removedNodes = [...new Set([...(this.#settings.removedNodes ?? []), nodeId])];
      void this.#change({ removedNodes }).catch((error) =>
        this.#options.log.error({ err: error }, 'that a host was removed could not be kept for its Swarm'),
      );
    }
    this.#keeper.wake();
  }

  async #change(change: Partial<ClusterSettings>): Promise<void> {
    await this.#replace({ ...this.#settings, ...change });
  }

  async #replace(settings: ClusterSettings): Promise<void> {
    this.#settings = settings;
    const saved = this.#saving.then(() => this.#options.settings.save(settings));
    this.#saving = saved.catch(() => {});
    await saved;
  }
}

function managersView(managers: WantedManagers): WantedManagersView {
  return managers.mode === 'fixed' ? { mode: 'fixed', count: managers.count } : { mode: managers.mode };
}
