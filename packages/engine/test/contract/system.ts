import { compareApiVersions, oldestApiVersion } from '@drover/engine';
import { expect, it } from 'vitest';
import { firstOf, type GetSubject, withContainer } from './subject.ts';

/** The engine itself. */
export function systemContract(get: GetSubject): void {
  it('says who it is', async () => {
    const { engine } = get();
    const ping = await engine.system.ping();
    expect(ping.osType).toBe('linux');
    expect(compareApiVersions(await engine.apiVersion(), oldestApiVersion)).toBeGreaterThanOrEqual(0);
    expect((await engine.system.version()).ApiVersion).toBe(ping.apiVersion);
    const info = await engine.system.info();
    expect(info.OSType).toBe('linux');
    expect(info.NCPU).toBeGreaterThan(0);
  });

  it('reads the disk usage in one shape', async () => {
    const { engine } = get();
    await withContainer(get(), 'true', {}, async (container) => {
      const usage = await engine.system.df();
      expect(usage.containers.map((entry) => entry.Id)).toContain(container);
      expect(usage.images.length).toBeGreaterThan(0);
      expect(Array.isArray(usage.volumes) && Array.isArray(usage.buildCache)).toBe(true);
    });
  });

  it('samples a container', async () => {
    const { engine } = get();
    await withContainer(get(), 'sleep 300', {}, async (container) => {
      await engine.containers.start(container);
      const once = await engine.containers.statsOnce(container);
      expect(once).toMatchObject({ cpu_stats: { cpu_usage: { total_usage: expect.any(Number) } } });
      const second = await firstOf(
        engine.containers.stats(container),
        (sample) => (sample.precpu_stats.system_cpu_usage ?? 0) > 0,
      );
      expect(second.memory_stats.usage).toBeGreaterThan(0);
      expect((await engine.containers.top(container)).Processes.length).toBeGreaterThan(0);
    });
  });
}
