import { DroverError, messageOf } from '@drover/base';
import type { Engine } from '@drover/engine';
import {
  type ClusterHost,
  type ClusterMemory,
  type ClusterSecrets,
  type ClusterToken,
  collectCluster,
  collectDrain,
  type DrainPreview,
  type DrainRequest,
  executeCluster,
  executeDrain,
  Loop,
  type ObservedCluster,
  planCluster,
  planDrain,
  planRecovery,
  type RecoveryPlan,
  recoverCluster,
  replicasBeforeLabel,
  restoreReplicas,
  type WantedCluster,
} from '@drover/orchestration';
import type { Log } from '../log.ts';
import { type ClusterView, describeCluster, noCluster } from './cluster-view.ts';
import type { Manager } from './failover.ts';
import { createManagerEngine } from './manager-engine.ts';

export interface ClusterKeeperOptions {
  /** The hosts of the environment as they are now. */
  readonly hosts: () => readonly ClusterHost[];
  /** What is wanted now. */
  readonly wanted: () => WantedCluster;
  readonly secrets: ClusterSecrets;
  /** Hosts that are left as they are, since a drain is under way or will go on. */
  readonly drains?: () => readonly string[];
  readonly log: Log;
  /** Called before a Swarm is made; it is not made when this fails. */
  readonly onInit?: () => Promise<void>;
  /** Called once it is known which Swarm is the environment's; to be kept, and to be wanted from then on. */
  readonly onCluster?: (clusterId: string) => void | Promise<void>;
  /** Called once a wanted rotation was done; it must not be wanted any more then. */
  readonly onRotated?: (token: ClusterToken) => void | Promise<void>;
  /** Called once a recovery was done; to be kept as `recoveredOn`. */
  readonly onRecovered?: (hostId: string) => void | Promise<void>;
  readonly onView?: (view: ClusterView) => void;
  /** Milliseconds between two looks that nobody asked for. Default 15 000. */
  readonly everyMs?: number;
  /** Milliseconds within which a manager tells of the Swarm; see `collectCluster`. */
  readonly answerMs?: number;
}

/** The part of a host in a Swarm. */
export interface Membership {
  readonly nodeId: string;
  /** Whether it is a manager that takes requests. */
  readonly isManager: boolean;
}

/** A recovery or a drain that is not begun. */
export class ClusterRefusal extends DroverError {
  readonly code = 'cluster-refused';
}

/** How a drain is done; see `executeDrain`. */
export type DrainOptions = Omit<DrainRequest, 'manager' | 'preview' | 'breakOff'>;

/** Each change of managers needs a plan of its own; more rounds than this wait for the next run. */
const mostRounds = 20;

/** Milliseconds from a change to the look at it; a look asks every host, so that it pays to wait for more changes where there are many. */
const settleMs = 100;
const settleMsEach = 3;

/**
 * Makes a Swarm out of hosts and keeps it as it is wanted: observes, plans, carries out, and again until a plan is empty.
 *
 * INVARIANTS: one run or one recovery at a time; a run reads everything anew; `view` is what the last look saw.
 */
export class ClusterKeeper {
  /** The Swarm as one engine that survives the loss of any manager. */
  readonly manager: Engine;
  readonly #options: ClusterKeeperOptions;
  readonly #loop: Loop;
  readonly #stop = new AbortController();
  #memory: ClusterMemory | undefined;
  #observed: ObservedCluster | undefined;
  /** The hosts of the last look by their ids. */
  #knownHosts: ReadonlyMap<string, ObservedCluster['hosts'][number]> = new Map();
  #view: ClusterView = noCluster;
  #clusterId: string | undefined;
  #recoveredOn: string | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #watching: Promise<void> | undefined;
  readonly #draining = new Set<string>();
  #hasTidied = false;

  constructor(options: ClusterKeeperOptions) {
    this.#options = options;
    this.manager = createManagerEngine(() => this.#managers());
    this.#loop = new Loop({
      run: (signal) => this.#exclusively(() => this.#run(signal)),
      everyMs: options.everyMs ?? 15_000,
      settleMs: () => settleMs + settleMsEach * this.#knownHosts.size,
      onError: (thrown) => options.log.warn({ reason: messageOf(thrown) }, 'keeping the Swarm failed'),
    });
  }

  get view(): ClusterView {
    return this.#view;
  }

  /** The part of a host in the Swarm, as the last look saw it. */
  membershipOf(hostId: string): Membership | undefined {
    const host = this.#knownHosts.get(hostId);
    // One that answers says what it is now; of another one, what it was is all that is known.
    const nodeId = host?.swarm === undefined ? host?.lastNodeId : host.swarm.nodeId;
    if (host === undefined || !nodeId) return undefined;
    return { nodeId, isManager: host.swarm?.controlAvailable === true };
  }

  start(): void {
    this.#loop.start();
    this.#watching ??= this.#watch();
  }

  /** Something that it reads has changed: a host, what is wanted, a connection. */
  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop.stop();
    await this.#watching;
  }

  /** What a Swarm without a quorum can go on from, as of the last look. */
  recovery(): RecoveryPlan {
    return planRecovery(this.#observed ?? { hosts: [], leaderless: [] });
  }

  /** Goes on from one manager's state, and lets the others join anew. Fails `cluster-refused` where that is not called for. */
  async recover(hostId: string, signal?: AbortSignal): Promise<void> {
    await this.#exclusively(async () => {
      const plan = planRecovery(await this.#collect(signal));
      if (plan.refusal !== undefined) throw new ClusterRefusal(`recovering the Swarm: ${plan.refusal}`);
      const host = this.#options.hosts().find(({ id }) => id === hostId);
      if (host === undefined || !plan.choices.some((choice) => choice.hostId === hostId)) {
        const names = plan.choices.map(({ hostName }) => hostName).join(', ');
        throw new ClusterRefusal(
          `recovering the Swarm on ${host?.name ?? hostId}: it is no manager that can be reached; choose ${names}`,
        );
      }
      const { engine, name: hostName, address } = host;
      this.#options.log.warn({ host: hostName, givenUp: plan.givenUp }, 'the Swarm is recovered');
      await recoverCluster({ engine, hostName, ...(address === undefined ? {} : { address }), signal });
      this.#recoveredOn = hostId;
      await this.#options.onRecovered?.(hostId);
    });
    this.wake();
  }

  /** What draining a host would do, as of now. */
  async previewDrain(hostId: string, signal?: AbortSignal): Promise<DrainPreview> {
    const nodeId = this.#knownHosts.get(hostId)?.lastNodeId;
    const known = this.#options.hosts().find(({ id }) => id === hostId);
    if (nodeId === undefined) throw new ClusterRefusal(`draining ${known?.name ?? hostId}: it is not in the Swarm`);
    const host = known?.reachable === true ? known.engine : undefined;
    const observed = await collectDrain({ manager: this.manager, signal, ...(host === undefined ? {} : { host }) });
    return planDrain(nodeId, observed);
  }

  /**
   * Empties a host, replacing before stopping where that can be; it is kept as it is meanwhile. `onDrained` is awaited before it is
   * held to what is wanted again, which must be `drain` then. On failure the host is as before; where the keeper stops, it is left as it
   * stands.
   */
  async drain(
    hostId: string,
    onDrained: () => void | Promise<void>,
    options: DrainOptions = {},
  ): Promise<DrainPreview> {
    if (this.#draining.has(hostId)) throw new ClusterRefusal('draining: the host is being drained already');
    this.#draining.add(hostId);
    try {
      const preview = await this.previewDrain(hostId, options.signal);
      await executeDrain({ ...options, manager: this.manager, preview, breakOff: this.#stop.signal });
      await onDrained();
      return preview;
    } finally {
      this.#draining.delete(hostId);
      this.wake();
    }
  }

  #beingDrained(): readonly string[] {
    return [...this.#draining, ...(this.#options.drains?.() ?? [])];
  }

  /** A drain that a stop of the server cut off has left services with more tasks than they want. */
  async #tidy(signal: AbortSignal): Promise<void> {
    if (this.#hasTidied || this.#beingDrained().length > 0) return;
    const call = { signal, doing: 'putting back what a drain has raised' };
    const raised = await this.manager.services.list({ ...call, filters: { label: [replicasBeforeLabel] } });
    for (const { ID } of raised) await restoreReplicas(this.manager, ID, call);
    this.#hasTidied = true;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures: readonly string[] = [];
    for (let round = 0; round < mostRounds; round += 1) {
      const observed = await this.#collect(signal);
      await this.#noteCluster(observed);
      const wanted = { ...this.#options.wanted(), draining: this.#beingDrained() };
      const plan = planCluster(
        observed,
        this.#clusterId === undefined ? wanted : { clusterId: this.#clusterId, ...wanted },
      );
      this.#show(describeCluster(observed, plan, failures));
      if (plan.steps.length === 0) return observed.swarm === undefined ? undefined : await this.#tidy(signal);
      if (plan.steps.some(({ kind }) => kind === 'swarm-init')) await this.#options.onInit?.();
      const parts = {
        engineOf: (id: string) => this.#engineOf(id),
        manager: this.manager,
        secrets: this.#options.secrets,
      };
      const { done, failed } = await executeCluster(plan, parts, {
        signal,
        onEvent: ({ type, step, ...rest }) =>
          this.#options.log[type === 'failed' ? 'warn' : 'info'](
            { step: step.kind, target: step.target, ...rest },
            `a step of the Swarm: ${type}`,
          ),
      });
      for (const step of done) if (step.kind === 'swarm-rotate') await this.#options.onRotated?.(step.token);
      failures = failed.map(({ reason }) => reason);
      if (done.length === 0) {
        this.#show(describeCluster(observed, plan, failures));
        return;
      }
    }
  }

  async #collect(signal: AbortSignal | undefined): Promise<ObservedCluster> {
    const preferredHost = this.#preferredHost;
    const { observed, memory } = await collectCluster({
      hosts: this.#options.hosts(),
      now: performance.now(),
      ...(this.#memory === undefined ? {} : { memory: this.#memory }),
      ...(preferredHost === undefined ? {} : { preferredHost }),
      ...(this.#options.answerMs === undefined ? {} : { answerMs: this.#options.answerMs }),
      ...(signal === undefined ? {} : { signal }),
    });
    this.#memory = memory;
    this.#observed = observed;
    this.#knownHosts = new Map(observed.hosts.map((host) => [host.id, host]));
    return observed;
  }

  get #preferredHost(): string | undefined {
    return this.#recoveredOn ?? this.#options.wanted().recoveredOn;
  }

  async #noteCluster({ hosts, swarm }: ObservedCluster): Promise<void> {
    const known = this.#options.wanted().clusterId ?? this.#clusterId;
    const inside = new Set(hosts.flatMap(({ swarm: own }) => (own?.clusterId === undefined ? [] : [own.clusterId])));
    if (known !== undefined || swarm === undefined || inside.size > 1) return;
    this.#clusterId = swarm.id;
    await this.#options.onCluster?.(swarm.id);
  }

  #show(view: ClusterView): void {
    this.#view = view;
    this.#options.onView?.(view);
  }

  #engineOf(hostId: string): Engine | undefined {
    return this.#options.hosts().find(({ id }) => id === hostId)?.engine;
  }

  /** The hosts that managed at the last look, the recovered one and the leader first; before it, all. */
  #managers(): readonly Manager[] {
    const hosts = this.#options.hosts().filter(({ reachable }) => reachable);
    const known = this.#observed?.hosts.filter(({ swarm }) => swarm?.controlAvailable === true) ?? [];
    const leader = known.find(({ swarm }) => swarm?.nodeId === this.#observed?.lastLeader)?.id;
    const rank = (id: string) => Number(id === this.#preferredHost) * 2 + Number(id === leader);
    const ids = new Set(known.map(({ id }) => id));
    const ours = hosts.filter(({ id }) => ids.has(id)).sort((a, b) => rank(b.id) - rank(a.id));
    return ours.length > 0 ? ours : hosts;
  }

  /** Nodes that come and go wake it, as long as a manager can be asked. */
  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    try {
      for await (const watched of this.manager.events.watch({ signal, filters: { type: ['node'] } }))
        if (watched.type !== 'lost') this.wake();
    } catch (thrown) {
      if (!signal.aborted)
        this.#options.log.warn({ reason: messageOf(thrown) }, 'watching the nodes of the Swarm ended');
    }
  }

  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
