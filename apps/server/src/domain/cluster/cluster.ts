import { setTimeout as delay } from 'node:timers/promises';
import type {
  ClusterView as ClusterAnswer,
  DrainEvent,
  DrainPreviewView,
  RecoveryView,
  WantedManagersView,
} from '@drover/contract';
import type { Engine } from '@drover/engine';
import {
  type ClusterHost,
  type ClusterSecrets,
  type ClusterToken,
  clusterDefaults,
  type DrainPreview,
  type WantedCluster,
  type WantedManagers,
} from '@drover/orchestration';
import type { EnvironmentHosts, JoinedHost } from '../environment/environment-hosts.ts';
import type { Log } from '../log.ts';
import { type Placements, placedBy } from '../orchestrator/swarm/placements.ts';
import { Refusal } from '../refusal.ts';
import { ClusterKeeper, ClusterRefusal, type Membership } from './cluster-keeper.ts';
import type { ClusterSettings, ClusterSettingsStore } from './cluster-settings.ts';
import { Drains } from './drains.ts';

export interface ClusterOptions {
  readonly hosts: EnvironmentHosts;
  readonly settings: ClusterSettingsStore;
  readonly log: Log;
  /** Called when what is shown of it may have changed. */
  readonly onChange: () => void;
}

/** How long a host may take to leave before it is removed all the same. */
const releaseMs = 60_000;

/** The keeper tells when it has looked, and not when a host is out. */
const releaseLookMs = 250;

/** The Swarm of an environment: what is wanted of it, kept, and the keeper that brings it about. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #keeper: ClusterKeeper;
  readonly #drains: Drains;
  #settings: ClusterSettings = {};
  #saving: Promise<unknown> = Promise.resolve();
  #unsubscribe: (() => void) | undefined;
  readonly #leaving = new Set<string>();

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#keeper = new ClusterKeeper({
      hosts: () => this.#hosts(),
      wanted: () => this.#wanted(),
      secrets: this.#secrets(),
      drains: () => Object.keys(this.#settings.drains ?? {}),
      log: options.log,
      onInit: () => this.#change({ isOwn: true }),
      onCluster: (clusterId) => this.#found(clusterId),
      onRotated: (token) => this.#rotated(token),
      onRecovered: (hostId) => this.#change({ recoveredOn: hostId }),
      onView: () => {
        this.#drains.resume();
        options.onChange();
      },
    });
    this.#drains = new Drains({
      keeper: this.#keeper,
      hosts: options.hosts,
      log: options.log,
      kept: () => this.#settings.drains ?? {},
      keep: (drains) => this.#change({ drains }),
    });
  }

  /** The Swarm's managers as one engine. */
  get manager(): Engine {
    return this.#keeper.manager;
  }

  /** Where the containers of pinned services were put. */
  readonly placements: Placements = {
    of: (stack) => {
      const names = new Map(this.#options.hosts.list().map(({ id, name }) => [id, name]));
      const placed = Object.entries(this.#settings.placed?.[stack] ?? {});
      return new Map(placed.flatMap(([service, id]) => (names.has(id) ? [[service, names.get(id) ?? '']] : [])));
    },
    note: async (stack, plan) => {
      const ids = new Map(this.#options.hosts.list().map(({ id, name }) => [name, id]));
      const before = this.#settings.placed?.[stack] ?? {};
      const made = [...placedBy(plan)].flatMap(([service, name]) => (ids.has(name) ? [[service, ids.get(name)]] : []));
      const after = { ...before, ...Object.fromEntries(made) };
      if (made.some(([service, id]) => before[service ?? ''] !== id))
        await this.#change({ placed: { ...this.#settings.placed, [stack]: after } });
    },
    forget: async (stack) => {
      const { [stack]: gone, ...placed } = this.#settings.placed ?? {};
      if (gone !== undefined) await this.#change({ placed });
    },
  };

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
    await Promise.all([this.#drains.stop(), this.#keeper.stop()]);
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

  recovery(): RecoveryView {
    const { refusal, choices, givenUp, warnings } = this.#keeper.recovery();
    return {
      ...(refusal === undefined ? {} : { refusal }),
      choices: choices.map(({ hostName, reason }) => ({ host: hostName, why: reason })),
      givenUp: [...givenUp],
      warnings: [...warnings],
    };
  }

  /** Goes on from one manager's state, by the host's name or id. */
  async recover(hostNameOrId: string, signal?: AbortSignal): Promise<ClusterAnswer> {
    const { id } = this.#host('recovering the Swarm', hostNameOrId);
    await refusing(this.#keeper.recover(id, signal));
    return this.view();
  }

  /** What draining a host would do now. */
  async drainPreview(hostNameOrId: string, signal?: AbortSignal): Promise<DrainPreviewView> {
    const { id, name } = this.#host('draining', hostNameOrId);
    return previewView(name, await refusing(this.#keeper.previewDrain(id, signal)));
  }

  /**
   * Empties a host, or joins in where that is under way, and tells what happens in words. It goes on when nobody follows any more and
   * after a restart of the server; when it fails, the host is as it was before.
   */
  async *drain(
    hostNameOrId: string,
    wish: { readonly stopStuck: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<DrainEvent> {
    const host = this.#host('draining', hostNameOrId);
    try {
      yield* this.#drains.drain(host, wish, signal);
    } catch (thrown) {
      throw asRefusal(thrown);
    }
  }

  /**
   * Lets a host leave the Swarm, which runs its tasks elsewhere. One that does not manage to in time is taken off the list of nodes
   * when it is gone.
   */
  async release(hostId: string): Promise<void> {
    const nodeId = this.#keeper.membershipOf(hostId)?.nodeId;
    if (nodeId === undefined) return;
    this.#leaving.add(hostId);
    const deadline = AbortSignal.timeout(releaseMs);
    try {
      while (this.#keeper.membershipOf(hostId) !== undefined && !deadline.aborted) {
        this.#keeper.wake();
        await delay(releaseLookMs, undefined, { signal: deadline }).catch(() => {});
      }
      if (deadline.aborted)
        this.#options.log.warn({ host: hostId, releaseMs }, 'a host that is removed did not leave the Swarm in time');
    } finally {
      this.#leaving.delete(hostId);
      await this.#forgetNode(nodeId);
    }
  }

  /** Places nothing new on a host; what runs there goes on. */
  async cordon(hostNameOrId: string): Promise<ClusterAnswer> {
    const host = this.#host('cordoning', hostNameOrId);
    if (this.#drains.isUnderWay(host.id))
      throw new Refusal(
        'not-now',
        `cordoning ${host.name}: it is being drained; wait for the end, or end that: drover host activate ${host.name}`,
      );
    await this.#options.hosts.setPhase(host.id, 'cordoned');
    this.#keeper.wake();
    return this.view();
  }

  /** Ends a drain that is under way: the host takes tasks again, or is cordoned or drained, as it was before. */
  async endDrain(hostNameOrId: string): Promise<ClusterAnswer> {
    const host = this.#host('ending a drain', hostNameOrId);
    await this.#drains.end(host.id);
    return this.view();
  }

  /** Lets a host take tasks again; a drain that is under way is ended first. */
  async activate(hostNameOrId: string): Promise<ClusterAnswer> {
    const host = this.#host('activating', hostNameOrId);
    await this.#drains.end(host.id);
    await this.#options.hosts.setPhase(host.id, 'kept');
    this.#keeper.wake();
    return this.view();
  }

  #host(doing: string, nameOrId: string): JoinedHost {
    const host = this.#options.hosts.list().find(({ id, name }) => id === nameOrId || name === nameOrId);
    if (host === undefined) throw new Refusal('not-found', `${doing}: the environment has no host ${nameOrId}`);
    return host;
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
    const { clusterId, isOwn, heartbeatMs, autolock, unlockKey, rotate, removedNodes, recoveredOn } = this.#settings;
    const heartbeat = heartbeatMs ?? (isOwn === true ? clusterDefaults.heartbeatMs : undefined);
    return {
      managers: this.#managers(),
      ...(clusterId === undefined ? {} : { clusterId }),
      ...(heartbeat === undefined ? {} : { heartbeatMs: heartbeat }),
      ...(autolock === undefined ? {} : { autolock }),
      ...(rotate === undefined ? {} : { rotate }),
      ...(removedNodes === undefined ? {} : { removedNodes }),
      ...(recoveredOn === undefined ? {} : { recoveredOn }),
      ...(this.#leaving.size === 0 ? {} : { leaving: [...this.#leaving], mayEnd: true }),
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
    const isHere = this.#options.hosts.get(id) !== undefined;
    const nodeId = isHere ? undefined : this.#keeper.view.nodes.find(({ hostId }) => hostId === id)?.nodeId;
    if (nodeId !== undefined)
      void this.#forgetNode(nodeId).catch((error) =>
        this.#options.log.error({ err: error }, 'that a host was removed could not be kept for its Swarm'),
      );
    this.#keeper.wake();
  }

  /** The node goes off the Swarm's list, now or when that can be done; those that are off it need not be kept any more. */
  async #forgetNode(nodeId: string): Promise<void> {
    const listed = new Set(this.#keeper.view.nodes.map((node) => node.nodeId));
    const before = (this.#settings.removedNodes ?? []).filter((each) => listed.has(each));
    await this.#change({ removedNodes: [...new Set([...before, nodeId])] });
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

/** What the keeper refuses is the caller's to hear. */
async function refusing<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (thrown) {
    throw asRefusal(thrown);
  }
}

function asRefusal(thrown: unknown): unknown {
  return thrown instanceof ClusterRefusal ? new Refusal('not-now', thrown.message) : thrown;
}

function previewView(host: string, { moves, stuck, data, pinned }: DrainPreview): DrainPreviewView {
  return {
    host,
    moves: moves.map(({ service, tasks, how, why, to }) => ({ service, tasks, how, why, to: [...to] })),
    stuck: stuck.map(({ service, tasks, reasons }) => ({ service, tasks, reasons: [...reasons] })),
    data: [...data],
    pinned: [...pinned],
  };
}

function managersView(managers: WantedManagers): WantedManagersView {
  return managers.mode === 'fixed' ? { mode: 'fixed', count: managers.count } : { mode: managers.mode };
}
