import { messageOf } from '@drover/base';
import { Loop, PlanError } from '@drover/orchestration';
import type { Deployments } from '../deployment/deployments.ts';
import type { WorkerParts } from '../deployment/worker-parts.ts';
import type { EnvironmentHosts } from '../environment/environment-hosts.ts';
import type { HostGroup } from '../host/host-group.ts';
import type { Log } from '../log.ts';
import type { Placements } from '../orchestrator/swarm/placements.ts';
import { toDesired } from './desired.ts';

export interface PinnedKeeperOptions {
  readonly parts: WorkerParts;
  readonly deployments: Deployments;
  readonly hosts: EnvironmentHosts;
  readonly group: HostGroup;
  readonly placements: Placements;
  readonly log: Log;
  /** Milliseconds for which a host must be away before its pinned containers are made elsewhere. */
  readonly lostMs?: number;
}

const defaultLostMs = 30_000;
const everyMs = 15_000;

/**
 * Keeps the pinned containers of stacks on a Swarm: after the loss of their host they are made on another one, where they hold no
 * data there, and when the host is back what it still has of them goes. What holds data waits for its host, or for somebody's word.
 */
export class PinnedKeeper {
  readonly #options: PinnedKeeperOptions;
  readonly #lostMs: number;
  readonly #loop: Loop;
  /** When each host was first seen away, by name. */
  readonly #lostSince = new Map<string, number>();
  readonly #told = new Set<string>();
  #unsubscribe: (() => void) | undefined;
  #wakeLater: NodeJS.Timeout | undefined;

  constructor(options: PinnedKeeperOptions) {
    this.#options = options;
    this.#lostMs = options.lostMs ?? defaultLostMs;
    this.#loop = new Loop({
      run: (signal) => this.#run(signal),
      everyMs: Math.min(everyMs, this.#lostMs),
      settleMs: 50,
      onError: (error) => options.log.warn({ reason: messageOf(error) }, 'keeping pinned containers failed'),
    });
  }

  start(): void {
    this.#unsubscribe = this.#options.hosts.onChange(() => this.#loop.wake());
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    clearTimeout(this.#wakeLater);
    await this.#loop.stop();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { parts } = this.#options;
    const lost = this.#lostHosts();
    if (!parts.orchestrator.isConnected()) return;
    const active = await parts.deployments.latest();
    for (const { name, servingRevision, wanted } of await parts.stacks.list()) {
      signal.throwIfAborted();
      if (servingRevision === undefined || wanted !== 'running' || active.get(name)?.active !== undefined) continue;
      const services = this.#astray(name, lost);
      if (services.length > 0) await this.#mend(name, servingRevision, services, signal);
    }
  }

  /** The names of hosts that have been away for long enough. */
  #lostHosts(): ReadonlySet<string> {
    const now = Date.now();
    const away = new Set(this.#options.hosts.list().flatMap(({ name, reachable }) => (reachable ? [] : [name])));
    for (const name of this.#lostSince.keys()) if (!away.has(name)) this.#lostSince.delete(name);
    for (const name of away) if (!this.#lostSince.has(name)) this.#lostSince.set(name, now);
    const waiting = [...this.#lostSince.values()].map((since) => since + this.#lostMs - now).filter((ms) => ms > 0);
    clearTimeout(this.#wakeLater);
    if (waiting.length > 0) this.#wakeLater = setTimeout(() => this.#loop.wake(), Math.min(...waiting)).unref();
    return new Set([...this.#lostSince].flatMap(([name, since]) => (now - since >= this.#lostMs ? [name] : [])));
  }

  /** Services whose container was put on a host that is lost, or stands on another one beside. */
  #astray(stack: string, lost: ReadonlySet<string>): string[] {
    const placed = this.#options.placements.of(stack);
    const astray = new Set([...placed].flatMap(([service, host]) => (lost.has(host) ? [service] : [])));
    for (const host of this.#options.group.hosts()) {
      if (host.state.state !== 'connected') continue;
      for (const summary of host.knownContainers()) {
        const view = host.view(summary);
        const at = view.stack === stack && !view.oneOff ? placed.get(view.service ?? '') : undefined;
        if (at !== undefined && at !== host.name) astray.add(view.service ?? '');
      }
    }
    return [...astray].sort();
  }

  async #mend(stack: string, revision: number, services: readonly string[], signal: AbortSignal): Promise<void> {
    const { parts, deployments, log } = this.#options;
    const content = await parts.stacks.revisionContent(stack, revision);
    const desired = await toDesired(parts, { stack, revision, content, signal });
    const mendable: string[] = [];
    for (const service of services) {
      try {
        const plan = await parts.orchestrator.plan(desired, { services: [service], withoutDependencies: true }, signal);
        if (plan.operations.length > 0) mendable.push(service);
        this.#told.delete(`${stack}/${service}`);
      } catch (error) {
        if (!(error instanceof PlanError)) throw error;
        if (!this.#told.has(`${stack}/${service}`))
          log.warn({ stack, service, reason: error.message }, 'it is not moved');
        this.#told.add(`${stack}/${service}`);
      }
    }
    if (mendable.length === 0) return;
    log.info({ stack, services: mendable }, 'pinned containers are made where they can run');
    await deployments.begin(stack, { action: 'start', services: mendable });
  }
}
