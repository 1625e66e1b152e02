import type { StatsView } from '@drover/contract';
import type { ContainerStats, Engine } from '@drover/engine';

interface Sampler {
  readonly stop: AbortController;
  readonly listeners: Set<(sample: StatsView | 'end', error?: unknown) => void>;
  latest: StatsView | undefined;
  linger: NodeJS.Timeout | undefined;
}

const lingerMs = 3000;

/**
 * Figures of containers, about one a second. However many look at a container, the engine is asked once. A reader that is slow
 * gets the newest sample and misses those between.
 */
export class StatsFeed {
  readonly #engine: Engine;
  readonly #samplers = new Map<string, Sampler>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Samples of the container with this full id until the signal fires or the container is gone. */
  async *subscribe(id: string, signal: AbortSignal): AsyncGenerator<StatsView> {
    const sampler = this.#samplerOf(id);
    const inbox: { next: StatsView | 'end' | undefined; failure: unknown; wake: () => void } = {
      next: sampler.latest,
      failure: undefined,
      wake: () => {},
    };
    const listen = (sample: StatsView | 'end', error?: unknown) => {
      inbox.next = sample;
      inbox.failure = error;
      inbox.wake();
    };
    const onAbort = () => inbox.wake();
    sampler.listeners.add(listen);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        const { next } = inbox;
        if (next === 'end') {
          if (inbox.failure !== undefined) throw inbox.failure;
          return;
        }
        if (next !== undefined) {
          inbox.next = undefined;
          yield next;
          continue;
        }
        await new Promise<void>((resolve) => {
          inbox.wake = resolve;
          if (signal.aborted) resolve();
        });
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      sampler.listeners.delete(listen);
      if (sampler.listeners.size === 0) sampler.linger ??= setTimeout(() => this.#end(id, sampler), lingerMs).unref();
    }
  }

  stop(): void {
    for (const [id, sampler] of this.#samplers) this.#end(id, sampler);
  }

  #samplerOf(id: string): Sampler {
    const known = this.#samplers.get(id);
    if (known !== undefined) {
      clearTimeout(known.linger);
      known.linger = undefined;
      return known;
    }
    const sampler: Sampler = {
      stop: new AbortController(),
      listeners: new Set(),
      latest: undefined,
      linger: undefined,
    };
    this.#samplers.set(id, sampler);
    void this.#sample(id, sampler);
    return sampler;
  }

  async #sample(id: string, sampler: Sampler): Promise<void> {
    let failure: unknown;
    try {
      let before: ContainerStats | undefined;
      for await (const stats of this.#engine.containers.stats(id, { signal: sampler.stop.signal })) {
        sampler.latest = statsView(stats, before);
        before = stats;
        for (const listener of sampler.listeners) listener(sampler.latest);
      }
    } catch (error) {
      if (!sampler.stop.signal.aborted) failure = error;
    }
    if (this.#samplers.get(id) === sampler) this.#samplers.delete(id);
    for (const listener of sampler.listeners) listener('end', failure);
  }

  #end(id: string, sampler: Sampler): void {
    clearTimeout(sampler.linger);
    if (this.#samplers.get(id) === sampler) this.#samplers.delete(id);
    sampler.stop.abort();
  }
}

/** One sample in figures for people; rates are against the sample before. */
export function statsView(stats: ContainerStats, before: ContainerStats | undefined): StatsView {
  const network = sumNetworks(stats);
  const networkBefore = before === undefined ? network : sumNetworks(before);
  const seconds = before === undefined ? 0 : (Date.parse(stats.read) - Date.parse(before.read)) / 1000;
  const rate = (now: number, then: number) => (seconds > 0 ? Math.max(0, now - then) / seconds : 0);
  return {
    at: new Date(Date.parse(stats.read) || Date.now()).toISOString(),
    cpuPercent: cpuPercent(stats, before),
    memoryBytes: memoryBytes(stats),
    memoryLimitBytes: stats.memory_stats.limit ?? 0,
    networkRxBytes: network.rx,
    networkTxBytes: network.tx,
    networkRxRate: rate(network.rx, networkBefore.rx),
    networkTxRate: rate(network.tx, networkBefore.tx),
    blockReadBytes: sumBlockIo(stats, 'read'),
    blockWriteBytes: sumBlockIo(stats, 'write'),
    pids: stats.pids_stats?.current ?? 0,
  };
}

// In percent of one core: two busy cores are 200.
function cpuPercent({ cpu_stats: now, precpu_stats }: ContainerStats, before: ContainerStats | undefined): number {
  const then = before?.cpu_stats ?? precpu_stats;
  const used = (now.cpu_usage?.total_usage ?? 0) - (then.cpu_usage?.total_usage ?? 0);
  const system = (now.system_cpu_usage ?? 0) - (then.system_cpu_usage ?? 0);
  const cores = now.online_cpus ?? now.cpu_usage?.percpu_usage?.length ?? 1;
  return system > 0 && used > 0 && (then.system_cpu_usage ?? 0) > 0 ? (used / system) * cores * 100 : 0;
}

// As the docker CLI does: what the kernel can drop at once is not counted.
function memoryBytes({ memory_stats: { usage, stats, privateworkingset } }: ContainerStats): number {
  if (usage == null) return privateworkingset ?? 0;
  const cache = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return cache < usage ? usage - cache : usage;
}

function sumNetworks({ networks }: ContainerStats): { rx: number; tx: number } {
  let rx = 0;
  let tx = 0;
  for (const device of Object.values(networks ?? {})) {
    rx += device.rx_bytes ?? 0;
    tx += device.tx_bytes ?? 0;
  }
  return { rx, tx };
}

function sumBlockIo({ blkio_stats, storage_stats }: ContainerStats, op: 'read' | 'write'): number {
  const entries = blkio_stats?.io_service_bytes_recursive;
  if (entries == null) return (op === 'read' ? storage_stats?.read_size_bytes : storage_stats?.write_size_bytes) ?? 0;
  return entries.reduce((sum, entry) => sum + (entry.op.toLowerCase() === op ? entry.value : 0), 0);
}
