import { expect, test } from 'vitest';
import { printPlan } from '../src/plan/print.ts';
import { fakeStage } from './fake-stage.ts';
import { makeProject } from './make-project.ts';

test('a new project is made in the order of its dependencies, and a second plan is empty', async () => {
  const stage = await fakeStage();
  const project = makeProject({
    db: { healthcheck: { test: ['CMD', 'true'] } },
    web: { depends_on: { db: { condition: 'service_healthy', required: true } }, scale: 2 },
  });
  const desired = stage.desired(project);
  expect(printPlan(await stage.plan(desired))).toMatchInlineSnapshot(`
    "[1] network-create shop_default — network is missing
    [2] container-create shop-db-1 — container is missing (after 1)
    [3] container-create shop-web-1 — container is missing (after 1)
    [4] container-create shop-web-2 — container is missing (after 1)
    [5] container-start shop-db-1 — container is missing (after 2)
    [6] wait healthy db — the health check of db must pass (after 5)
    [7] container-start shop-web-1 — container is missing (after 3, 6)
    [8] container-start shop-web-2 — container is missing (after 4, 6)
    [9] check shop — what was started must still run (after 7, 8)
    "
  `);
  expect(await stage.deploy(desired)).toMatchObject({ outcome: 'done' });
  expect(await stage.containers()).toMatchInlineSnapshot(`
    "shop-db-1 running app:1
    shop-web-1 running app:1
    shop-web-2 running app:1"
  `);
  expect(printPlan(await stage.plan(desired))).toBe('nothing to do\n');
});

test('a changed image replaces the container: made first, removed last', async () => {
  const stage = await fakeStage();
  await stage.deploy(
    stage.desired(
      makeProject({ web: {}, api: { depends_on: { web: { condition: 'service_started', required: true } } } }),
    ),
  );
  const changed = stage.desired(
    makeProject({
      web: { image: 'app:2' },
      api: { depends_on: { web: { condition: 'service_started', required: true } } },
    }),
    { revision: 2 },
  );
  const plan = await stage.plan(changed);
  expect(printPlan(plan).replace(/[0-9a-f]{12}_/g, 'OLD_')).toMatchInlineSnapshot(`
    "[1] container-create OLD_shop-web-1 — image changed: app:1 → app:2
    [2] gate prepared shop — everything new is made before anything stops (after 1)
    [3] container-stop shop-web-1 — OLD_shop-web-1 takes its place (after 1, 2)
    [4] container-start OLD_shop-web-1 — image changed: app:1 → app:2 (after 1, 3)
    [5] check shop — what was started must still run (after 4)
    [6] container-remove shop-web-1 — OLD_shop-web-1 takes its place (after 3, 5)
    [7] container-rename OLD_shop-web-1 — shop-web-1 is its name (after 5, 6)
    "
  `);
  expect(plan.services).toMatchInlineSnapshot(`
    [
      {
        "causes": [],
        "change": "unchanged",
        "service": "api",
      },
      {
        "causes": [
          "image changed: app:1 → app:2",
        ],
        "change": "recreated",
        "service": "web",
      },
    ]
  `);
  expect(await stage.deploy(changed)).toMatchObject({ outcome: 'done' });
  expect(await stage.containers()).toMatchInlineSnapshot(`
    "shop-api-1 running app:1
    shop-web-1 running app:2"
  `);
  expect(printPlan(await stage.plan(changed))).toBe('nothing to do\n');
});
