import type { Duplex } from 'node:stream';
import { messageOf } from '@drover/base';
import { acceptTunnel, type HostFacts, isTunnelError, type Refusal, refuseTunnel, type Tunnel } from '@drover/tunnel';
import type { Log } from '../log.ts';
import { isRenewalDue, renewCertificate } from './certificate-renewal.ts';
import type { HostAuthority } from './host-authority.ts';
import { HostConnection } from './host-connection.ts';
import { hostRefusals } from './host-refusals.ts';
import type { HostRecord } from './host-store.ts';
import type { HostTable } from './host-table.ts';
import type { Liveness } from './host-view.ts';
import { Timers } from './timers.ts';

export interface HostTunnelsOptions {
  readonly table: HostTable;
  readonly authority: () => Promise<HostAuthority>;
  readonly log: Log;
  readonly now: () => Date;
  /** How long a host that has not connected yet is waited for before it counts as unreachable. */
  readonly awaitMs: number;
  /** Told when a host's state, its problem or its facts are others than before. */
  readonly onChanged: (hostId: string) => void;
}

/** Who a connection is, by the certificate that its TLS handshake proved. */
export interface HostPeer {
  readonly hostId: string;
  readonly keyFingerprint: string;
  readonly address: string;
}

const renewCheckMs = 3_600_000;
/** How long a second machine with a host's identity is spoken of after its last attempt. */
const cloneShownMs = 60_000;

/**
 * The tunnels of all hosts.
 *
 * INVARIANTS: a tunnel is kept for a host only that is not removed, and whose stored key its certificate is for; a host has at
 * most one tunnel; what an agent says is taken as being about its own host and about nothing else.
 */
export class HostTunnels {
  readonly #options: HostTunnelsOptions;
  readonly #connections = new Map<string, HostConnection>();
  /** Hosts whose next tunnel is being looked at. */
  readonly #admitting = new Set<string>();
  /** Hosts that are not connected, and not called lost yet. */
  readonly #awaited = new Set<string>();
  readonly #problems = new Map<string, string>();
  readonly #clones = new Map<string, { readonly address: string; readonly until: number }>();
  readonly #waiters = new Map<string, Set<(tunnel: Tunnel) => void>>();
  /** What goes on behind; never rejects. */
  readonly #work = new Set<Promise<void>>();
  readonly #timers = new Timers();
  readonly #stopped = new AbortController();

  constructor(options: HostTunnelsOptions) {
    this.#options = options;
  }

  start(): void {
    for (const { id } of this.#options.table.kept()) this.await(id);
    this.#timers.every(renewCheckMs, () => {
      for (const id of this.#connections.keys()) this.#behind(id, this.#renewWhenDue(id));
    });
  }

  /** Ends all tunnels; agents come back by themselves to whoever listens next. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#timers.stop();
    const tunnels = [...this.#connections.values()].map(({ tunnel }) => tunnel);
    for (const tunnel of tunnels) tunnel.close(hostRefusals.stopping);
    await Promise.all(tunnels.map((tunnel) => tunnel.closed));
    await Promise.all(this.#work);
  }

  /** Waits for a host that has no tunnel before it is called unreachable. */
  await(hostId: string): void {
    if (this.#connections.has(hostId)) return;
    this.#awaited.add(hostId);
    this.#timers.after(this.#options.awaitMs, () => {
      if (this.#awaited.delete(hostId)) this.#options.onChanged(hostId);
    });
  }

  tunnelOf(hostId: string): Tunnel | undefined {
    return this.#connections.get(hostId)?.tunnel;
  }

  /** A host's engine was found there, or gone. */
  noteEngine(hostId: string, isThere: boolean): void {
    this.#connections.get(hostId)?.noteEngine(isThere);
  }

  /** The next tunnel that a host makes. Rejects when the signal fires first. */
  next(hostId: string, signal: AbortSignal): Promise<Tunnel> {
    return new Promise((resolve, reject) => {
      const waiters = this.#waiters.get(hostId) ?? new Set();
      this.#waiters.set(hostId, waiters);
      const leave = () => {
        waiters.delete(take);
        if (waiters.size === 0) this.#waiters.delete(hostId);
        signal.removeEventListener('abort', giveUp);
      };
      const take = (tunnel: Tunnel) => {
        leave();
        resolve(tunnel);
      };
      const giveUp = () => {
        leave();
        reject(signal.reason);
      };
      waiters.add(take);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
    });
  }

  /** Ends a host's tunnel, telling its agent why. */
  end(hostId: string, refusal: Refusal): void {
    this.#connections.get(hostId)?.tunnel.close(refusal);
  }

  /** Forgets everything about a host that was removed. */
  forget(hostId: string): void {
    this.end(hostId, hostRefusals.removed);
    this.#problems.delete(hostId);
    this.#clones.delete(hostId);
    this.#awaited.delete(hostId);
  }

  livenessOf({ id, connectedAt }: HostRecord): Liveness {
    const connection = this.#connections.get(id);
    const clone = this.#clones.get(id);
    const awaited = connection === undefined && this.#awaited.has(id);
    const away =
      connectedAt === undefined
        ? 'it joined, and its agent has never connected'
        : 'its agent has not connected since the server started';
    return {
      connected: connection !== undefined,
      awaited,
      address: connection?.address,
      problem:
        clone !== undefined
          ? `another machine uses this host's identity, at ${clone.address}; it is refused while this one answers`
          : (this.#problems.get(id) ?? (connection === undefined && !awaited ? away : undefined)),
    };
  }

  /** Keeps a connection as the tunnel of the host that its certificate names, or tells the agent why not. Never rejects. */
  async connect(socket: Duplex, peer: HostPeer): Promise<void> {
    const refusal = this.#refusalOf(peer) ?? (await this.#admit(socket, peer));
    if (refusal === undefined) return;
    const { hostId, address } = peer;
    this.#options.log.warn(
      { host: hostId, address, reason: refusal.reason },
      `an agent gets no tunnel: ${refusal.message}`,
    );
    await refuseTunnel(socket, refusal).catch(() => socket.destroy());
  }

  #refusalOf({ hostId, keyFingerprint }: HostPeer): Refusal | undefined {
    if (this.#stopped.signal.aborted) return hostRefusals.stopping;
    const host = this.#options.table.byId(hostId);
    if (host === undefined) return hostRefusals.unknown;
    if (host.phase === 'removed') return hostRefusals.removed;
    return host.keyFingerprint === keyFingerprint ? undefined : hostRefusals.otherKey;
  }

  async #admit(socket: Duplex, peer: HostPeer): Promise<Refusal | undefined> {
    const { hostId, address } = peer;
    if (this.#admitting.has(hostId)) return hostRefusals.busy;
    this.#admitting.add(hostId);
    try {
      const present = this.#connections.get(hostId);
      if (present !== undefined) {
        if (await present.answers()) return this.#noteClone(hostId, address);
        present.tunnel.close(hostRefusals.superseded);
        await present.tunnel.closed;
      }
      const tunnel = await acceptTunnel(socket, { signal: this.#stopped.signal });
      // While the two agreed, the host may have been removed or another machine taken its place.
      const refusal = this.#refusalOf(peer);
      if (refusal === undefined) this.#keep(hostId, tunnel, address);
      else tunnel.close(refusal);
    } catch (error) {
      this.#noteFailure(peer, error);
    } finally {
      this.#admitting.delete(hostId);
    }
    return undefined;
  }

  #noteClone(hostId: string, address: string): Refusal {
    const isNews = !this.#clones.has(hostId);
    this.#clones.set(hostId, { address, until: this.#options.now().getTime() + cloneShownMs });
    if (isNews) {
      this.#forgetCloneLater(hostId, cloneShownMs);
      this.#options.onChanged(hostId);
    }
    return hostRefusals.clone;
  }

  #forgetCloneLater(hostId: string, ms: number): void {
    this.#timers.after(ms, () => {
      const left = (this.#clones.get(hostId)?.until ?? 0) - this.#options.now().getTime();
      if (left > 0) this.#forgetCloneLater(hostId, left);
      else if (this.#clones.delete(hostId)) this.#options.onChanged(hostId);
    });
  }

  #noteFailure({ hostId, address }: HostPeer, error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    this.#options.log.warn({ host: hostId, address, reason: messageOf(error) }, 'the tunnel of a host was not made');
    if (!isTunnelError(error, 'protocol')) return;
    this.#problems.set(hostId, messageOf(error));
    this.#awaited.delete(hostId);
    this.#options.onChanged(hostId);
  }

  #keep(hostId: string, tunnel: Tunnel, address: string): void {
    const { log, now, table, onChanged } = this.#options;
    const connection = new HostConnection({
      hostId,
      tunnel,
      address,
      log,
      onFacts: (facts) => this.#keepFacts(hostId, facts),
    });
    this.#connections.set(hostId, connection);
    this.#awaited.delete(hostId);
    this.#problems.delete(hostId);
    this.#behind(
      hostId,
      tunnel.closed.then((reason) => this.#lose(hostId, connection, reason)),
    );
    const { software } = tunnel.hello;
    this.#behind(hostId, table.note(hostId, { connectedAt: now().toISOString(), software }));
    log.info({ host: hostId, name: table.byId(hostId)?.name, address, agent: software }, 'a host is connected');
    onChanged(hostId);
    connection.refreshFacts();
    for (const waiter of [...(this.#waiters.get(hostId) ?? [])]) waiter(tunnel);
    this.#behind(hostId, this.#renewWhenDue(hostId));
  }

  async #lose(hostId: string, connection: HostConnection, reason: string): Promise<void> {
    if (this.#connections.get(hostId) !== connection) return;
    this.#connections.delete(hostId);
    const { table, log, now, onChanged } = this.#options;
    const host = table.byId(hostId);
    if (this.#stopped.signal.aborted || host === undefined || host.phase === 'removed') return;
    log.warn({ host: hostId, name: host.name, reason }, 'a host was lost');
    this.#problems.set(hostId, reason);
    onChanged(hostId);
    await table.note(hostId, { lostAt: now().toISOString() });
  }

  #behind(hostId: string, work: Promise<void> | undefined): void {
    const { log } = this.#options;
    if (work === undefined) return;
    const done = work
      .catch((error) => log.error({ host: hostId, err: error }, 'keeping what a host does failed'))
      .finally(() => this.#work.delete(done));
    this.#work.add(done);
  }

  async #keepFacts(hostId: string, facts: HostFacts): Promise<void> {
    const { table, onChanged } = this.#options;
    const host = table.byId(hostId);
    if (host === undefined || host.phase === 'removed') return;
    const engineId = facts.engine?.id || host.engineId;
    const other = table.keptBy('engineId', engineId);
    const isTaken = other !== undefined && other.id !== hostId;
    const problem = isTaken
      ? `it says that its engine is that of the host ${other.name}: one of both is a copy`
      : undefined;
    const before = JSON.stringify([host.facts, host.engineId, this.#problems.get(hostId)]);
    if (problem === undefined) this.#problems.delete(hostId);
    else this.#problems.set(hostId, problem);
    const noted = table.note(hostId, { facts, ...(isTaken ? {} : { engineId }) });
    if (JSON.stringify([facts, isTaken ? host.engineId : engineId, problem]) !== before) onChanged(hostId);
    await noted;
  }

  async #renewWhenDue(hostId: string): Promise<void> {
    const { table, now, log } = this.#options;
    const host = table.byId(hostId);
    const tunnel = this.tunnelOf(hostId);
    if (host === undefined || tunnel === undefined || !isRenewalDue(host, now())) return;
    try {
      const certificateExpiresAt = await renewCertificate(host, tunnel, await this.#options.authority());
      await table.change(hostId, { certificateExpiresAt });
      log.info({ host: hostId, name: host.name }, 'the certificate of a host was renewed');
    } catch (error) {
      log.warn({ host: hostId, reason: messageOf(error) }, 'the certificate of a host was not renewed');
    }
  }
}
