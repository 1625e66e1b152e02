import { type ContainerStats, containerUsage } from '@drover/engine';
import { expect, it } from 'vitest';

function sample(second: number, more: Partial<ContainerStats> = {}): ContainerStats {
  return {
    read: new Date(1_700_000_000_000 + second * 1000).toISOString(),
    preread: '0001-01-01T00:00:00Z',
    num_procs: 0,
    pids_stats: { current: 3 },
    cpu_stats: { cpu_usage: { total_usage: second * 0.5e9 }, system_cpu_usage: 1e12 + second * 4e9, online_cpus: 4 },
    precpu_stats: { cpu_usage: { total_usage: 0 } },
    memory_stats: { usage: 100, limit: 1000, stats: { inactive_file: 30 } },
    networks: {
      eth0: { rx_bytes: 1000 * second, tx_bytes: 10 * second },
      eth1: { rx_bytes: 500 * second, tx_bytes: 0 },
    },
    blkio_stats: {
      io_service_bytes_recursive: [
        { major: 8, minor: 0, op: 'Read', value: 4096 * second },
        { major: 8, minor: 0, op: 'write', value: 512 * second },
        { major: 8, minor: 0, op: 'Total', value: 9999 * second },
      ],
    },
    ...more,
  };
}

it('works out percentages and rates between two samples', () => {
  expect(containerUsage(sample(4), sample(2))).toEqual({
    cpuPercent: 50,
    memoryBytes: 70,
    memoryLimitBytes: 1000,
    networkReceivedPerSecond: 1500,
    networkSentPerSecond: 10,
    blockReadPerSecond: 4096,
    blockWrittenPerSecond: 512,
    processes: 3,
  });
});

it('knows no rates from one sample, and the CPU where the engine sent the sample before', () => {
  const once = containerUsage(sample(4), null);
  expect(once).toMatchObject({
    cpuPercent: null,
    networkReceivedPerSecond: null,
    blockReadPerSecond: null,
    memoryBytes: 70,
  });
  expect(containerUsage(sample(4, { precpu_stats: sample(3).cpu_stats }), null).cpuPercent).toBe(50);
});

it('shows no nonsense after a restart, for a stopped container, or for two samples of one moment', () => {
  expect(containerUsage(sample(1), sample(9))).toMatchObject({ cpuPercent: null, networkReceivedPerSecond: null });
  expect(containerUsage(sample(2), sample(2))).toMatchObject({ cpuPercent: null, networkSentPerSecond: null });
  const stopped = sample(2, {
    cpu_stats: { cpu_usage: { total_usage: 0 } },
    memory_stats: {},
    networks: null,
    blkio_stats: null,
    pids_stats: null,
  });
  expect(Object.values(containerUsage(stopped, stopped))).toEqual(Array(8).fill(null));
});

it('counts CPUs and droppable cache as control groups version 1 tell them', () => {
  const old = (second: number) =>
    sample(second, {
      cpu_stats: {
        cpu_usage: { total_usage: second * 1e9, percpu_usage: [1, 2] },
        system_cpu_usage: 1e12 + second * 2e9,
      },
      memory_stats: { usage: 100, limit: 1000, stats: { total_inactive_file: 40, inactive_file: 1 } },
    });
  expect(containerUsage(old(2), old(1))).toMatchObject({ cpuPercent: 100, memoryBytes: 60 });
});

it('reads Windows in its own units', () => {
  const windows = (second: number) =>
    sample(second, {
      num_procs: 7,
      pids_stats: {},
      cpu_stats: { cpu_usage: { total_usage: second * 2.5e6 } },
      memory_stats: { privateworkingset: 55, commitbytes: 99 },
      blkio_stats: null,
      storage_stats: { read_size_bytes: 8 * second, write_size_bytes: 4 * second },
    });
  expect(containerUsage(windows(2), windows(1))).toMatchObject({
    cpuPercent: 25,
    memoryBytes: 55,
    blockReadPerSecond: 8,
    processes: 7,
  });
});
