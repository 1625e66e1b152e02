import { expect } from 'vitest';
import { HealthWatch } from './stage/health-watch.ts';
import { underLoad } from './stage/load.ts';
import { everyEngine, scenarioLab } from './stage/scenario.ts';

const { scenario } = scenarioLab(everyEngine, ['busybox', 'echo', 'nginx', 'redis']);

scenario(
  'a changed image under load: start-first never has fewer healthy containers than wanted',
  { files: 'update', timeoutMs: 600_000 },
  async (stage) => {
    await stage.mustDrover(['up']);
    const before = await stage.engine.ids('update');
    const watch = await HealthWatch.start(stage.engine, 'update', 'app');
    await stage.edit('compose.yaml', 'image: echo:v1', 'image: echo:v2');
    const plan = await stage.mustDrover(['plan'], 2);
    expect(plan.output).toMatch(/image changed: echo:v1 → echo:v2/);

    const load = await underLoad(`http://${stage.host.address}:8080/`, async () => {
      await stage.mustDrover(['up']);
    });
    const healthy = watch.stop();
    expect(healthy).toEqual({ least: 2, now: 2 });
    expect(Object.keys(load.answers).sort()).toEqual(['200 v1', '200 v2']);

    const after = await stage.engine.ids('update');
    expect([after['web-1'], after['store-1']]).toEqual([before['web-1'], before['store-1']]);
    const apps = await stage.engine.service('update', 'app');
    expect(apps.map((each) => [each.name, each.image, each.health])).toEqual([
      ['update-app-1', 'echo:v2', 'healthy'],
      ['update-app-2', 'echo:v2', 'healthy'],
    ]);
  },
);

scenario(
  'a service on a fixed port is replaced stop-first, with a short gap and its anonymous volume',
  { files: 'update', timeoutMs: 600_000 },
  async (stage) => {
    await stage.mustDrover(['up']);
    const [store] = await stage.engine.service('update', 'store');
    const written = await stage.host.exec(['docker', 'exec', 'update-store-1', 'sh', '-c', 'echo kept > /data/note']);
    expect(written.exitCode).toBe(0);

    await stage.edit('compose.yaml', 'image: nginx:1.26', 'image: nginx:1.27');
    await stage.edit('compose.yaml', 'image: redis:7.2', 'image: redis:7.4');
    const load = await underLoad(`http://${stage.host.address}:8080/`, async () => {
      await stage.mustDrover(['up']);
    });
    expect(load.answers['200 v1']).toBeGreaterThan(0);
    // On a slow and busy machine it was more than ten seconds.
    expect(load.longestGapMs).toBeLessThan(30_000);

    const [web] = await stage.engine.service('update', 'web');
    expect([web?.name, web?.image]).toEqual(['update-web-1', 'nginx:1.27']);
    const [replaced] = await stage.engine.service('update', 'store');
    expect(replaced?.image).toBe('redis:7.4');
    expect(replaced?.id).not.toBe(store?.id);
    expect(replaced?.mounts).toEqual(store?.mounts);
    const kept = await stage.host.exec(['docker', 'exec', 'update-store-1', 'cat', '/data/note']);
    expect(kept.stdout).toBe('kept\n');
  },
);
