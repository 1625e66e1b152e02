import { expect } from 'vitest';
import { execute } from '../../src/execute/execute.ts';
import { PlanError } from '../../src/model/errors.ts';
import type { Observed } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { SwarmDesired } from '../../src/model/swarm/desired.ts';
import type { SwarmObserved } from '../../src/model/swarm/observed.ts';
import type { SwarmPlanOptions } from '../../src/model/swarm/plan-options.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { planSwarmRestart } from '../../src/plan/swarm/restart.ts';
import { type FakeStage, fakeStage } from '../fake-stage.ts';
import { makeProject, type ServiceSketch } from '../make-project.ts';
import { makeNode, type NodeSketch } from './make-node.ts';
import { makeSwarmDesired, type SwarmSketch } from './make-swarm-desired.ts';
import { ModelSwarm } from './model-swarm.ts';

export const needs = (on: string, condition = 'service_started') =>
  ({ depends_on: { [on]: { condition, required: true } } }) as ServiceSketch;
export const device = { devices: [{ source: '/dev/tpu', target: '/dev/tpu', permissions: 'rwm' }] };

/** A Swarm in memory whose hosts have fake engines. */
export class PinnedStage {
  readonly swarm = new ModelSwarm();
  readonly hosts = new Map<string, FakeStage>();
  readonly away = new Set<string>();

  static async with(hosts: Readonly<Record<string, NodeSketch>>): Promise<PinnedStage> {
    const stage = new PinnedStage();
    for (const [name, sketch] of Object.entries(hosts)) {
      stage.hosts.set(name, await fakeStage());
      stage.swarm.nodes.push(makeNode(name, sketch));
    }
    return stage;
  }

  /** A revision of a project that declares the volume `data`. */
  desired(services: Record<string, ServiceSketch>, sketch: SwarmSketch & Partial<SwarmDesired> = {}): SwarmDesired {
    const project = makeProject(services, { volumes: { data: { name: 'shop_data' } } });
    const [any] = this.hosts.values();
    const local = any?.desired(project).images;
    const images = Object.fromEntries(
      [...(local ?? [])].map(([name, image]) => [name, { local: image, ...sketch.images?.[name as never] }]),
    );
    return { ...makeSwarmDesired(project, { ...sketch, images }), ...(sketch.placed ? { placed: sketch.placed } : {}) };
  }

  async observe(): Promise<SwarmObserved> {
    const pinned = new Map<string, Observed>();
    for (const [name, { observe }] of this.hosts) if (!this.away.has(name)) pinned.set(name, await observe());
    return {
      ...this.swarm.observe(),
      hosts: new Map([...this.hosts.keys()].map((name) => [`id-${name}`, name])),
      pinned,
    };
  }

  async plan(desired: SwarmDesired, options?: SwarmPlanOptions): Promise<Plan> {
    return planSwarmDeploy(desired, await this.observe(), options);
  }

  /** The managers' part first, then each host's own. */
  async apply(plan: Plan): Promise<void> {
    const part = (host: string | undefined) => {
      const operations = plan.operations.filter((operation) => operation.host === host);
      const own = new Set(operations.map(({ id }) => id));
      return {
        ...plan,
        operations: operations.map((each) => ({ ...each, dependsOn: each.dependsOn.filter((id) => own.has(id)) })),
      };
    };
    const { operations } = part(undefined);
    const later = operations.filter(({ kind }) => kind.endsWith('-remove'));
    this.swarm.apply({
      ...plan,
      operations: operations.filter((each) => !later.includes(each)).map((each) => ({ ...each, dependsOn: [] })),
    });
    for (const [host, { engine }] of this.hosts) {
      await engine.networks.create({ Name: 'shop_default', Driver: 'bridge' }).catch(() => undefined);
      expect((await execute(part(host), engine, { settleMs: 0 })).failure).toBeUndefined();
    }
    this.swarm.apply({ ...plan, operations: later.map((each) => ({ ...each, dependsOn: [] })) });
  }

  async deploy(desired: SwarmDesired, options?: SwarmPlanOptions): Promise<string> {
    const plan = await this.plan(desired, options);
    await this.apply(plan);
    expect(printPlan(await this.plan(desired))).toBe('nothing to do\n');
    return printPlan(plan).replace(/[0-9a-f]{12}_/g, 'OLD_');
  }

  async restart(services: readonly string[]): Promise<string> {
    return printPlan(planSwarmRestart(await this.observe(), { services }));
  }

  async where(): Promise<string> {
    const found = await Promise.all(
      [...this.hosts].map(async ([name, { containers }]) => `${name}: ${await containers()}`),
    );
    return found.join('\n');
  }
}

export const problemsOf = async (call: Promise<unknown>): Promise<string[]> =>
  call.then(
    () => [],
    (thrown) => (thrown instanceof PlanError ? thrown.problems.map(({ message }) => message) : [String(thrown)]),
  );
