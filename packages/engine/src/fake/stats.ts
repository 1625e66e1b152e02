import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerStats } from '../model/stats.ts';
import { type FakeContainer, isRunning } from './container.ts';
import type { FakeWorld } from './world.ts';

/** A sample at once and one every second, of a container that is steadily a little busy. */
export async function* fakeStats(
  world: FakeWorld,
  container: FakeContainer,
  ...signals: readonly (AbortSignal | undefined)[]
): AsyncGenerator<ContainerStats, void, undefined> {
  const signal = AbortSignal.any(signals.filter((candidate) => candidate !== undefined));
  for (let second = 0; world.containers.has(container.id); second += 1) {
    yield sample(container, second);
    await sleep(1000, undefined, { signal });
  }
}

function sample(container: FakeContainer, second: number): ContainerStats {
  const busy = isRunning(container) ? 1 : 0;
  const cpu = (at: number) => ({
    cpu_usage: { total_usage: at * 50_000_000 * busy, usage_in_usermode: 0, usage_in_kernelmode: 0 },
    system_cpu_usage: at * 2_000_000_000 * busy,
    online_cpus: 2 * busy,
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  });
  return {
    id: container.id,
    name: `/${container.name}`,
    read: new Date().toISOString(),
    preread: '0001-01-01T00:00:00Z',
    num_procs: 0,
    pids_stats: { current: busy },
    cpu_stats: cpu(second + 1),
    precpu_stats: cpu(second),
    memory_stats: busy === 1 ? { usage: 12_000_000, limit: 1_000_000_000, stats: { inactive_file: 2_000_000 } } : {},
    networks: { eth0: { rx_bytes: second * 1000, tx_bytes: second * 500, rx_packets: second, tx_packets: second } },
    blkio_stats: { io_service_bytes_recursive: [], io_serviced_recursive: [] },
  };
}
