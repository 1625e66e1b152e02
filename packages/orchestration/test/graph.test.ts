import { expect, test } from 'vitest';
import { runGraph } from '../src/execute/graph.ts';
import { Limit } from '../src/execute/limit.ts';
import { planDeploy } from '../src/plan/deploy.ts';
import { fakeStage } from './fake-stage.ts';
import { makeProject } from './make-project.ts';

test.each([
  ['tells that it failed', () => Promise.resolve(false)],
  ['throws', () => Promise.reject(new Error('broken'))],
])('nothing waits its turn behind what %s', async (_, fail) => {
  const stage = await fakeStage();
  const desired = stage.desired(makeProject({ a: { scale: 5 } }));
  const { operations } = planDeploy(desired, await stage.observe(desired));
  const limit = new Limit(1);
  let isReady = false;
  const begun: string[] = [];
  const running = runGraph({
    operations,
    admit: (_operation, work) => limit.run(work),
    run: ({ id, kind }) => {
      if (isReady) begun.push(id);
      if (kind !== 'container-create') return Promise.resolve(true);
      isReady = true;
      return fail();
    },
    signal: new AbortController().signal,
  });
  await running.catch(() => {});
  // What was queued has had its turn by now.
  await limit.run(async () => {});
  expect(isReady).toBe(true);
  expect(begun).toEqual([]);
});
