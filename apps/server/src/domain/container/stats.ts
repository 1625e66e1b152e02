import type { StatsView } from '@drover/contract';
import { type ContainerStats, containerUsage, type Engine } from '@drover/engine';

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
  const usage = containerUsage(stats, before ?? null);
  return {
    at: new Date(Date.parse(stats.read) || Date.now()).toISOString(),
    cpuPercent: usage.cpuPercent ?? 0,
    memoryBytes: usage.memoryBytes ?? 0,
    memoryLimitBytes: usage.memoryLimitBytes ?? 0,
    networkRxBytes: networkBytes(stats, 'rx_bytes'),
    networkTxBytes: networkBytes(stats, 'tx_bytes'),
    networkRxRate: usage.networkReceivedPerSecond ?? 0,
    networkTxRate: usage.networkSentPerSecond ?? 0,
    blockReadBytes: blockBytes(stats, 'read'),
    blockWriteBytes: blockBytes(stats, 'write'),
    pids: usage.processes ?? 0,
  };
}

function networkBytes({ networks }: ContainerStats, counter: 'rx_bytes' | 'tx_bytes'): number {
  return Object.values(networks ?? {}).reduce((sum, device) => sum + (device[counter] ?? 0), 0);
}

function blockBytes({ blkio_stats, storage_stats }: ContainerStats, op: 'read' | 'write'): number {
  const entries = blkio_stats?.io_service_bytes_recursive;
  if (entries == null) return (op === 'read' ? storage_stats?.read_size_bytes : storage_stats?.write_size_bytes) ?? 0;
  return entries.reduce((sum, entry) => sum + (entry.op.toLowerCase() === op ? entry.value : 0), 0);
}
