import { describe, expect, test, vi } from 'vitest';
import { execute } from '../src/execute/execute.ts';
import type { Plan } from '../src/model/plan.ts';
import { planStart, planStop } from '../src/plan/operate.ts';
import { printPlan } from '../src/plan/print.ts';
import { fakeStage } from './fake-stage.ts';
import { makeProject } from './make-project.ts';

/** The plan's text without ids that differ from run to run. */
const text = (plan: Plan): string => printPlan(plan).replace(/[0-9a-f]{12}_/g, 'OLD_');

describe('pre_start hooks', () => {
  const hooked = (...scripts: string[]) => ({
    scale: 2,
    pre_start: scripts.map((script) => ({ command: ['sh', '-c', script] })),
    post_start: [{ command: ['true'] }],
  });

  test('run in order before the first start, and not while something of the service goes on', async () => {
    const stage = await fakeStage();
    const desired = stage.desired(makeProject({ web: hooked('echo one', 'echo two') }));
    expect(printPlan(await stage.plan(desired))).toMatchInlineSnapshot(`
      "[1] network-create shop_default — network is missing
      [2] container-create shop-web-1 — container is missing (after 1)
      [3] container-create shop-web-2 — container is missing (after 1)
      [4] pre-start-run 1 web — nothing of web runs, and it is about to start (after 2)
      [5] pre-start-run 2 web — nothing of web runs, and it is about to start (after 4)
      [6] container-start shop-web-1 — container is missing (after 2, 5)
      [7] hook-run post_start 1 shop-web-1 — container is missing (after 6)
      [8] container-start shop-web-2 — container is missing (after 3, 5)
      [9] hook-run post_start 1 shop-web-2 — container is missing (after 8)
      [10] check shop — what was started must still run (after 7, 9)
      "
    `);
    expect(await stage.deploy(desired)).toMatchObject({ outcome: 'done' });
    expect(await stage.containers()).toBe('shop-web-1 running app:1\nshop-web-2 running app:1');
    expect(printPlan(await stage.plan(desired))).toBe('nothing to do\n');

    await stage.engine.containers.stop('shop-web-2');
    expect(printPlan(await stage.plan(desired))).not.toContain('pre-start-run');
    const next = stage.desired(makeProject({ web: { ...hooked('true'), image: 'app:2' } }), { revision: 2 });
    expect(text(await stage.plan(next))).toMatchInlineSnapshot(`
      "[1] container-create OLD_shop-web-1 — image changed: app:1 → app:2
      [2] container-create OLD_shop-web-2 — image changed: app:1 → app:2
      [3] gate prepared shop — everything new is made before anything stops (after 1, 2)
      [4] container-stop shop-web-1 — OLD_shop-web-1 takes its place (after 1, 3)
      [5] pre-start-run 1 web — nothing of web runs, and it is about to start (after 1, 4)
      [6] container-start OLD_shop-web-1 — image changed: app:1 → app:2 (after 1, 4, 5)
      [7] hook-run post_start 1 OLD_shop-web-1 — image changed: app:1 → app:2 (after 6)
      [8] container-start OLD_shop-web-2 — image changed: app:1 → app:2 (after 2, 5)
      [9] hook-run post_start 1 OLD_shop-web-2 — image changed: app:1 → app:2 (after 8)
      [10] check shop — what was started must still run (after 7, 9)
      [11] container-remove shop-web-1 — OLD_shop-web-1 takes its place (after 4, 10)
      [12] container-remove shop-web-2 — OLD_shop-web-2 takes its place (after 10)
      [13] container-rename OLD_shop-web-1 — shop-web-1 is its name (after 10, 11)
      [14] container-rename OLD_shop-web-2 — shop-web-2 is its name (after 10, 12)
      "
    `);
    expect(await stage.deploy(next)).toMatchObject({ outcome: 'done' });
    expect(await stage.containers()).toBe('shop-web-1 running app:2\nshop-web-2 running app:2');
  });

  test('one that fails fails the deploy before anything starts, and leaves nothing', async () => {
    const stage = await fakeStage();
    const result = await stage.deploy(stage.desired(makeProject({ web: hooked('echo no table; exit 3') })));
    expect(result.failure).toMatchObject({
      reason: 'exited',
      message: 'running pre_start 1 of web: sh -c echo no table; exit 3 ended with code 3',
      logs: ['no table'],
    });
    expect(await stage.containers()).toBe('shop-web-1 created app:1\nshop-web-2 created app:1');
  });

  test('run again when what was stopped is started', async () => {
    const stage = await fakeStage();
    const project = makeProject({ web: hooked('true') });
    await stage.deploy(stage.desired(project));
    await execute(planStop(await stage.observe(), {}, project), stage.engine);
    const start = planStart(await stage.observe(), {}, project);
    expect(printPlan(start)).toContain('pre-start-run 1 web — starting was asked for');
    expect(await execute(start, stage.engine)).toMatchObject({ outcome: 'done' });
  });

  test('are refused where each container should have its own', async () => {
    const stage = await fakeStage();
    const web = { pre_start: [{ command: ['true'], per_replica: true as const, image: 'migrate:1' }] };
    await expect(stage.plan(stage.desired(makeProject({ web })))).rejects.toThrow(
      /pre_start\.per_replica of web is refused.*the image migrate:1 of a hook is not in the engine/s,
    );
  });

  test('a privileged one is made privileged, with its own user, place and variables, and none of the service’s ports', async () => {
    const stage = await fakeStage();
    const web = {
      environment: { A: '1', B: '2' },
      ports: [{ target: 80, published: '8080', protocol: 'tcp' }],
      pre_start: [
        {
          command: ['true'],
          privileged: true as const,
          user: '7',
          working_dir: '/srv',
          environment: { B: '3', C: null },
        },
      ],
      post_start: [{ command: ['true'], privileged: true as const }],
    };
    const created = vi.spyOn(stage.engine.containers, 'create');
    const executed = vi.spyOn(stage.engine.exec, 'create');
    expect(await stage.deploy(stage.desired(makeProject({ web })))).toMatchObject({ outcome: 'done' });
    const [body] = created.mock.calls.at(-1) ?? [];
    expect(body).toMatchObject({
      User: '7',
      WorkingDir: '/srv',
      Labels: { 'com.docker.compose.hook': 'pre_start', 'com.docker.compose.service': 'web' },
      HostConfig: {
        Privileged: true,
        RestartPolicy: { Name: 'no' },
        VolumesFrom: [expect.stringMatching(/^[0-9a-f]{64}$/)],
      },
    });
    expect(body?.Env).toEqual(expect.arrayContaining(['A=1', 'B=3', 'C']));
    expect([body?.ExposedPorts, body?.HostConfig?.PortBindings]).toEqual([undefined, undefined]);
    expect(executed.mock.calls[0]?.[1]).toMatchObject({ Privileged: true });
  });
});
