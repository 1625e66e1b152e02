import type { Project } from '@drover/compose';
import {
  createFakeEngine,
  type FakeEngine,
  type FakeEngineOptions,
  type FakeImageDefinition,
} from '@drover/engine/fake';
import { execute } from '../src/execute/execute.ts';
import type { ExecuteOptions, ExecutionResult } from '../src/execute/execution.ts';
import type { ImageConfig } from '../src/model/container-body.ts';
import type { Desired } from '../src/model/desired.ts';
import type { Observed } from '../src/model/observed.ts';
import type { Plan } from '../src/model/plan.ts';
import type { PlanOptions } from '../src/model/plan-options.ts';
import { collectObserved } from '../src/observe/collect.ts';
import { planDeploy } from '../src/plan/deploy.ts';
import { type DesiredSketch, makeDesired } from './make-project.ts';

/** A fake engine with what a test does to it again and again. */
export interface FakeStage {
  readonly engine: FakeEngine;
  addImage(reference: string, definition?: FakeImageDefinition): Promise<void>;
  desired(project: Project, sketch?: DesiredSketch): Desired;
  observe(desired?: Desired): Promise<Observed>;
  plan(desired: Desired, options?: PlanOptions): Promise<Plan>;
  deploy(desired: Desired, options?: PlanOptions, execution?: ExecuteOptions): Promise<ExecutionResult>;
  /** `name state image`, one container a line, sorted. */
  containers(): Promise<string>;
}

export async function fakeStage(
  options: FakeEngineOptions = {},
  images: readonly string[] = ['app:1', 'app:2'],
): Promise<FakeStage> {
  const engine = createFakeEngine(options);
  const known = new Map<string, { id: string; config: ImageConfig }>();
  const stage: FakeStage = {
    engine,
    addImage: async (reference, definition) => {
      engine.control.addImage(reference, definition);
      const { Id, Config } = await engine.images.inspect(reference);
      known.set(reference, { id: Id, config: Config ?? {} });
    },
    desired: (project, sketch) => makeDesired(project, { images: known, ...sketch }),
    observe: (desired) => collectObserved(engine, { project: 'shop', desired }),
    plan: async (desired, planOptions) =>
      planDeploy(desired, await stage.observe(desired), { overlapMs: 0, ...planOptions }),
    deploy: async (desired, planOptions, execution) =>
      execute(await stage.plan(desired, planOptions), engine, { settleMs: 0, ...execution }),
    containers: async () => {
      const list = await engine.containers.list({ all: true });
      return list
        .map(({ Names, State, Image }) => `${(Names[0] ?? '').slice(1)} ${State} ${Image}`)
        .sort()
        .join('\n');
    },
  };
  for (const reference of images) {
    await stage.addImage(reference, { content: reference, config: { Cmd: ['serve'] }, behaviour: { healthyAfter: 5 } });
  }
  return stage;
}
