import type { Duplex } from 'node:stream';
import {
  type ChangeEvent,
  type HostAction,
  type HostLoadView,
  type HostView,
  hostDisabledReason,
} from '@drover/contract';
import { createEngine, type Dialer, type Engine } from '@drover/engine';
import { askLoad, type JoinAnswer, type JoinRequest, type Tunnel } from '@drover/tunnel';
import type { EnvironmentHosts } from '../environment/environment-hosts.ts';
import { noHostYet } from '../environment/no-host-yet.ts';
import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import type { HostAuthority } from './host-authority.ts';
import { agentChanges, type HostChanges } from './host-changes.ts';
import type { HostEnvironments } from './host-environments.ts';
import { hostRefusals } from './host-refusals.ts';
import type { HostPhase, HostRecord, HostStore } from './host-store.ts';
import { HostTable } from './host-table.ts';
import { type HostPeer, HostTunnels } from './host-tunnels.ts';
import { hostState, hostView, joinedHost } from './host-view.ts';
import { JoinTokens } from './join-tokens.ts';
import { Joining } from './joining.ts';

export interface HostsOptions {
  readonly store: HostStore;
  readonly environments: HostEnvironments;
  readonly authority: () => Promise<HostAuthority>;
  /** Tells what changes to those who watch. */
  readonly publish: (event: ChangeEvent) => void;
  readonly log: Log;
  /** The version of the agent that this server carries. */
  readonly software: string;
  /** Lets the host's environment part from it while it can still be asked; bounded in time. */
  readonly release?: (environment: string, hostId: string) => Promise<void>;
  readonly now?: () => Date;
  /** How long a host that has not connected yet is waited for before it counts as unreachable; 30 s where nothing is said. */
  readonly awaitMs?: number;
}

const mostLabels = 100;

/** The hosts with an agent: who they are, how they are, and the way to their engines. */
export class Hosts {
  readonly tokens: JoinTokens;
  readonly tunnels: HostTunnels;
  readonly #options: HostsOptions;
  readonly #now: () => Date;
  readonly #table: HostTable;
  readonly #joining: Joining;
  readonly #engines = new Map<string, Engine>();
  readonly #listeners = new Set<(host: HostRecord) => void>();

  constructor(options: HostsOptions) {
    const { store, log, authority } = options;
    const now = options.now ?? (() => new Date());
    this.#options = options;
    this.#now = now;
    this.tokens = new JoinTokens(store, now);
    this.#table = new HostTable(store);
    this.tunnels = new HostTunnels({
      table: this.#table,
      authority,
      log,
      now,
      awaitMs: options.awaitMs ?? 30_000,
      onChanged: (hostId) => this.#publish(this.#table.byId(hostId)),
    });
    this.#joining = new Joining({
      table: this.#table,
      tokens: this.tokens,
      environments: options.environments,
      authority,
      log,
      now,
      onJoined: (host, how) => {
        if (how === 'replaced') this.tunnels.end(host.id, hostRefusals.otherKey);
        this.tunnels.await(host.id);
        this.#publish(host);
      },
    });
  }

  /** The hosts of one environment, as the environment sees them. */
  ofEnvironment(environment: string): EnvironmentHosts {
    return {
      list: () => this.#table.kept(environment).map((host) => joinedHost(host, this.tunnels.livenessOf(host))),
      get: (id) => {
        const host = this.#table.byId(id);
        if (host === undefined || host.phase === 'removed' || host.environment !== environment) return undefined;
        return joinedHost(host, this.tunnels.livenessOf(host));
      },
      engineOf: (id) => this.engineOf(id),
      changesOf: (id) => this.#changesOf(() => id, this.engineOf(id)),
      setPhase: async (id, phase) => void (await this.setPhase(id, phase)),
      onChange: (listener) => {
        const wanted = (host: HostRecord) => host.environment === environment && listener(host.id);
        this.#listeners.add(wanted);
        return () => this.#listeners.delete(wanted);
      },
    };
  }

  /** Reads the store. Hosts that are known are awaited from now on. */
  async start(): Promise<void> {
    await this.#table.load(this.#now());
    this.tunnels.start();
  }

  async stop(): Promise<void> {
    await this.tunnels.stop();
    for (const engine of this.#engines.values()) engine.close();
  }

  /** Whether somebody may dial in: a host is known, or a token is open. */
  async areExpected(): Promise<boolean> {
    return this.#table.kept().length > 0 || (await this.tokens.anyOpen());
  }

  list(environment?: string): HostView[] {
    return this.#table.kept(environment).map((host) => this.#view(host));
  }

  get(idOrName: string): HostView {
    return this.#view(this.#table.require(idOrName, 'looking for a host'));
  }

  /** The hosts of an environment as they are stored. */
  hostsOf(environment: string): readonly HostRecord[] {
    return this.#table.kept(environment);
  }

  /** Why the environment must stay: a host is in it. */
  heldBy(environment: string): string | undefined {
    const [host, ...others] = this.#table.kept(environment);
    if (host === undefined) return undefined;
    const more = others.length === 0 ? 'is' : `and ${others.length} more are`;
    return `the host ${host.name} ${more} in it; drover host rm ${host.name} removes it`;
  }

  async rename(idOrName: string, name: string): Promise<HostView> {
    const host = this.allow(idOrName, 'rename', 'renaming a host');
    const other = this.#table.keptBy('name', name);
    if (other !== undefined && other.id !== host.id)
      throw new Refusal('taken', `renaming ${host.name}: there is another host ${name}`);
    return this.#changed(await this.#table.change(host.id, { name }));
  }

  async label(idOrName: string, set: Readonly<Record<string, string>>, unset: readonly string[]): Promise<HostView> {
    const host = this.allow(idOrName, 'label', 'labelling a host');
    const kept = Object.entries(host.labels).filter(([name]) => !unset.includes(name));
    const labels = Object.fromEntries(
      Object.entries({ ...Object.fromEntries(kept), ...set }).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    if (Object.keys(labels).length > mostLabels)
      throw new Refusal('too-large', `labelling ${host.name}: a host has at most ${mostLabels} labels`);
    return this.#changed(await this.#table.change(host.id, { labels }));
  }

  /** Says what is wanted of a host: to hold something or, draining, nothing. */
  async setPhase(idOrName: string, phase: Exclude<HostPhase, 'removed'>): Promise<HostView> {
    const host = this.#table.require(idOrName, 'changing a host');
    return this.#changed(await this.#table.change(host.id, { phase }));
  }

  /**
   * Ends the host's tunnel for ever, at once where it has none or is an engine by itself. A member of a Swarm leaves that first, and Swarm
   * runs its tasks elsewhere; anything else on the machine keeps running.
   */
  async remove(idOrName: string): Promise<{ removed: string }> {
    const host = this.allow(idOrName, 'remove', 'removing a host');
    if (this.tunnels.tunnelOf(host.id) !== undefined) await this.#options.release?.(host.environment, host.id);
    const removed = await this.#table.change(host.id, { phase: 'removed' });
    this.#options.log.info({ host: host.id, name: host.name }, 'a host was removed');
    this.tunnels.forget(host.id);
    this.#engines.get(host.id)?.close();
    this.#engines.delete(host.id);
    this.#publish(removed);
    return { removed: host.name };
  }

  async load(idOrName: string, signal?: AbortSignal): Promise<HostLoadView> {
    const host = this.allow(idOrName, 'load', 'asking for the load of a host');
    const { disks, ...load } = await askLoad(this.requireTunnel(host), signal);
    return { ...load, disks: disks.map((disk) => ({ ...disk })) };
  }

  /** Makes a machine a host, or repairs the host that it is. */
  join(request: JoinRequest, address: string): Promise<JoinAnswer> {
    return this.#joining.join(request, address);
  }

  connect(socket: Duplex, peer: HostPeer): Promise<void> {
    return this.tunnels.connect(socket, peer);
  }

  /** Dials the only host of an environment; rejects with words when none has joined or it cannot be reached. */
  dialerOf(environment: string): Dialer {
    return async (signal) => {
      const [host] = this.#table.kept(environment);
      if (host === undefined) return await noHostYet(environment)(signal);
      return await this.#reach(host.id).dialer(signal);
    };
  }

  /** What changes on the only host of an environment; `engine` is that host's. */
  changesIn(environment: string, engine: Engine): HostChanges {
    return this.#changesOf(() => this.#table.kept(environment)[0]?.id, engine);
  }

  #changesOf(hostId: () => string | undefined, engine: Engine): HostChanges {
    return agentChanges({
      engine,
      reach: () => {
        const id = hostId();
        if (id === undefined) throw new Error('no host has joined yet');
        return this.#reach(id);
      },
      onEngine: (isThere) => {
        const id = hostId();
        if (id !== undefined) this.tunnels.noteEngine(id, isThere);
      },
    });
  }

  /** A client of a host's engine; the same one for as long as the host is kept, whatever its tunnels do. */
  engineOf(hostId: string): Engine {
    const known = this.#engines.get(hostId);
    if (known !== undefined) return known;
    const engine = createEngine({ dialer: async (signal) => await this.#reach(hostId).dialer(signal) });
    this.#engines.set(hostId, engine);
    return engine;
  }

  /** A host by id or name that this may be done to now; throws a `Refusal` that says why not. */
  allow(idOrName: string, action: HostAction, doing: string): HostRecord {
    const host = this.#table.require(idOrName, doing);
    const reason = hostDisabledReason(action, hostState(host, this.tunnels.livenessOf(host)));
    if (reason !== undefined) throw new Refusal('not-now', `${doing}: ${host.name}: ${reason}`);
    return host;
  }

  /** The tunnel of a host now; throws a `Refusal` when there is none. */
  requireTunnel({ id, name }: HostRecord): Tunnel {
    const tunnel = this.tunnels.tunnelOf(id);
    if (tunnel === undefined) throw new Refusal('not-now', `asking the host ${name}: its agent cannot be reached`);
    return tunnel;
  }

  /** The tunnel of a host; throws in words when there is none. */
  #reach(hostId: string): Tunnel {
    const host = this.#table.byId(hostId);
    if (host === undefined || host.phase === 'removed') throw new Error('the host was removed');
    const tunnel = this.tunnels.tunnelOf(hostId);
    if (tunnel !== undefined) return tunnel;
    const { awaited, problem } = this.tunnels.livenessOf(host);
    throw new Error(
      awaited
        ? `the host ${host.name} is connecting: its agent has not dialled in yet`
        : `the host ${host.name} is unreachable: ${problem ?? 'its agent has not dialled in'}`,
    );
  }

  #view(host: HostRecord): HostView {
    return hostView(host, this.tunnels.livenessOf(host), this.#options.software);
  }

  #changed(host: HostRecord): HostView {
    this.#publish(host);
    return this.#view(host);
  }

  #publish(host: HostRecord | undefined): void {
    if (host === undefined) return;
    const state = hostState(host, this.tunnels.livenessOf(host));
    const { id, name, environment } = host;
    for (const listener of this.#listeners) listener(host);
    this.#options.publish({ type: 'host', host: id, name, environment, state, at: this.#now().toISOString() });
  }
}
