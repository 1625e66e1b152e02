import type { BlockIoEntry, ContainerStats, CpuSample } from './model/stats.ts';

/** What a container uses; what cannot be told from the samples is null. Bytes, and bytes a second. */
export interface ContainerUsage {
  /** 100 is one whole CPU. */
  readonly cpuPercent: number | null;
  /** Without the page cache that the kernel can drop at once. */
  readonly memoryBytes: number | null;
  /** The container's limit, or the host's memory. */
  readonly memoryLimitBytes: number | null;
  readonly networkReceivedPerSecond: number | null;
  readonly networkSentPerSecond: number | null;
  readonly blockReadPerSecond: number | null;
  readonly blockWrittenPerSecond: number | null;
  readonly processes: number | null;
}

/**
 * What a container uses, from a sample and the one before. Without one before, the CPU comes from the engine's own
 * (`precpu_stats`), where it sent one, and rates are null; so they are after a restart, when counters start again.
 */
export function containerUsage(current: ContainerStats, previous: ContainerStats | null): ContainerUsage {
  const seconds = previous === null ? 0 : (Date.parse(current.read) - Date.parse(previous.read)) / 1000;
  const rate = (total: (stats: ContainerStats) => number | null): number | null => {
    const now = total(current);
    const before = previous === null ? null : total(previous);
    return now === null || before === null || now < before || !(seconds > 0) ? null : (now - before) / seconds;
  };
  return {
    cpuPercent: isWindows(current) ? windowsCpuPercent(current, previous) : linuxCpuPercent(current, previous),
    memoryBytes: memoryBytes(current),
    memoryLimitBytes: current.memory_stats.limit || null,
    networkReceivedPerSecond: rate((stats) => networkTotal(stats, 'rx_bytes')),
    networkSentPerSecond: rate((stats) => networkTotal(stats, 'tx_bytes')),
    blockReadPerSecond: rate((stats) => blockTotal(stats, 'read')),
    blockWrittenPerSecond: rate((stats) => blockTotal(stats, 'write')),
    processes: current.pids_stats?.current ?? (current.num_procs || null),
  };
}

/** Only Windows counts processes in `num_procs`, and it has no total of the system's CPU time. */
function isWindows(stats: ContainerStats): boolean {
  return stats.num_procs > 0 && stats.cpu_stats.system_cpu_usage == null;
}

function linuxCpuPercent(current: ContainerStats, previous: ContainerStats | null): number | null {
  const before: CpuSample = previous?.cpu_stats ?? current.precpu_stats;
  const now = current.cpu_stats;
  if (!before.system_cpu_usage || !now.system_cpu_usage) return null;
  const used = (now.cpu_usage?.total_usage ?? 0) - (before.cpu_usage?.total_usage ?? 0);
  const passed = now.system_cpu_usage - before.system_cpu_usage;
  const cpus = now.online_cpus || now.cpu_usage?.percpu_usage?.length || 1;
  return used < 0 || passed <= 0 ? null : (used / passed) * cpus * 100;
}

function windowsCpuPercent(current: ContainerStats, previous: ContainerStats | null): number | null {
  const before = previous?.cpu_stats ?? current.precpu_stats;
  const since = Date.parse(previous?.read ?? current.preread);
  const hundredNanoseconds = (Date.parse(current.read) - since) * 10_000;
  const used = (current.cpu_stats.cpu_usage?.total_usage ?? 0) - (before.cpu_usage?.total_usage ?? 0);
  return used < 0 || !(hundredNanoseconds > 0) || since < 0 ? null : (used / hundredNanoseconds) * 100;
}

function memoryBytes({ memory_stats: memory }: ContainerStats): number | null {
  if (memory.privateworkingset != null) return memory.privateworkingset;
  if (memory.usage == null) return null;
  // Control groups version 1 have the total below the container, version 2 only knows that.
  const droppable = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0;
  return droppable < memory.usage ? memory.usage - droppable : memory.usage;
}

function networkTotal(stats: ContainerStats, counter: 'rx_bytes' | 'tx_bytes'): number | null {
  if (stats.networks == null) return null;
  return Object.values(stats.networks).reduce((sum, device) => sum + (device[counter] ?? 0), 0);
}

function blockTotal(stats: ContainerStats, operation: 'read' | 'write'): number | null {
  const windows = operation === 'read' ? stats.storage_stats?.read_size_bytes : stats.storage_stats?.write_size_bytes;
  if (windows != null) return windows;
  const entries: readonly BlockIoEntry[] | null | undefined = stats.blkio_stats?.io_service_bytes_recursive;
  if (entries == null) return null;
  return entries.reduce((sum, entry) => (entry.op.toLowerCase() === operation ? sum + entry.value : sum), 0);
}
