import fc from 'fast-check';
import { expect, test } from 'vitest';
import { execute } from '../src/execute/execute.ts';
import type { Desired } from '../src/model/desired.ts';
import { collectObserved } from '../src/observe/collect.ts';
import { planDeploy } from '../src/plan/deploy.ts';
import { printPlan } from '../src/plan/print.ts';
import { converge } from '../src/reconcile/converge.ts';
import { arbitraryProject } from './arbitrary-project.ts';
import { cutOffAfter } from './cut-off-engine.ts';
import { type FakeStage, fakeStage } from './fake-stage.ts';

const timeout = 60_000;
const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 25) };

async function stageWithJob(): Promise<FakeStage> {
  const stage = await fakeStage();
  await stage.addImage('job:1', { config: { Cmd: ['work'] }, behaviour: { exitAfter: 1, exitCode: 0 } });
  return stage;
}

/** Brings a revision about; a failure shows the plan. */
async function deployed(stage: FakeStage, desired: Desired): Promise<void> {
  const plan = await stage.plan(desired);
  const result = await execute(plan, stage.engine, { settleMs: 0 });
  expect(result.failure?.message, printPlan(plan)).toBeUndefined();
  expect(printPlan(await stage.plan(desired)), printPlan(plan)).toBe('nothing to do\n');
}

/** Ids of the containers, by name. */
async function standing(stage: FakeStage): Promise<ReadonlyMap<string, string>> {
  const containers = await stage.engine.containers.list({ all: true });
  return new Map(containers.map(({ Id, Names }) => [(Names[0] ?? '').slice(1), Id]));
}

function expectedNames(desired: Desired): string[] {
  return Object.entries(desired.project.services)
    .flatMap(([name, { scale = 1 }]) => Array.from({ length: scale }, (_, index) => `shop-${name}-${index + 1}`))
    .sort();
}

test(
  'carrying a plan out brings about what is wanted, from whatever stood before, and a second plan is empty',
  async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryProject, arbitraryProject, async (first, second) => {
        const stage = await stageWithJob();
        await deployed(stage, stage.desired(first, { revision: 1 }));
        const desired = stage.desired(second, { revision: 2 });
        await deployed(stage, desired);
        expect([...(await standing(stage)).keys()].sort()).toEqual(expectedNames(desired));
      }),
      runs,
    );
  },
  timeout,
);

test(
  'killed after any number of calls, a deploy is taken up again and converges',
  async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryProject, arbitraryProject, fc.nat({ max: 40 }), async (first, second, calls) => {
        const stage = await stageWithJob();
        await deployed(stage, stage.desired(first, { revision: 1 }));
        const desired = stage.desired(second, { revision: 2 });
        await execute(await stage.plan(desired), cutOffAfter(stage.engine, calls), { settleMs: 0 });
        await deployed(stage, desired);
        expect([...(await standing(stage)).keys()].sort()).toEqual(expectedNames(desired));
      }),
      runs,
    );
  },
  timeout,
);

test(
  'killed after any number of calls, the revision before is put back',
  async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryProject, arbitraryProject, fc.nat({ max: 40 }), async (first, second, calls) => {
        const stage = await stageWithJob();
        const previous = stage.desired(first, { revision: 1 });
        await deployed(stage, previous);
        await execute(await stage.plan(stage.desired(second, { revision: 2 })), cutOffAfter(stage.engine, calls), {
          settleMs: 0,
        });
        await deployed(stage, previous);
        expect([...(await standing(stage)).keys()].sort()).toEqual(expectedNames(previous));
      }),
      runs,
    );
  },
  timeout,
);

test(
  'a deploy that fails before its end leaves the very containers of the revision before',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryProject,
        arbitraryProject,
        fc.integer({ min: 1, max: 8 }),
        async (first, second, nth) => {
          const stage = await stageWithJob();
          const previous = stage.desired(first, { revision: 1 });
          await deployed(stage, previous);
          const before = await standing(stage);
          stage.engine.control.fail({ call: 'containers.start', nth, code: 'server', reason: 'the runtime says no' });
          const result = await converge(
            {
              observe: (desired, signal) => collectObserved(stage.engine, { project: 'shop', desired, signal }),
              plan: (desired, observed, options) => planDeploy(desired, observed, { ...options, overlapMs: 0 }),
              execute: (plan, options) => execute(plan, stage.engine, { ...options, settleMs: 0 }),
            },
            { target: stage.desired(second, { revision: 2 }), previous },
          );
          if (result.outcome === 'succeeded') return;
          expect(result).toMatchObject({ outcome: 'failed', servedRevision: 1 });
          expect(result.failure.message).toContain('the runtime says no');
          expect(await standing(stage)).toEqual(before);
          expect(printPlan(await stage.plan(previous))).toBe('nothing to do\n');
        },
      ),
      runs,
    );
  },
  timeout,
);
