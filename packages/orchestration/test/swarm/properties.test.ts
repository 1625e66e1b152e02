import type { Project } from '@drover/compose';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SwarmDesired } from '../../src/model/swarm/desired.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { planSwarmDown } from '../../src/plan/swarm/down.ts';
import { makeProject, type ServiceSketch } from '../make-project.ts';
import { makeSwarmDesired } from './make-swarm-desired.ts';
import { ModelSwarm } from './model-swarm.ts';

const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 40) };
const timeout = 60_000;
const names = ['a', 'b', 'c', 'd'];

interface Wish {
  readonly project: Project;
  readonly texts: readonly [secret: string, config: string];
}

/** Services that depend on others before them in the alphabet, so that none goes in a circle; each keeps to a port of its own. */
const arbitraryService = (index: number) =>
  fc
    .record({
      image: fc.constantFrom('app:1', 'app:2', 'registry.example.com:5000/app'),
      scale: fc.integer({ min: 0, max: 3 }),
      mode: fc.constantFrom(undefined, 'global', 'replicated-job', 'global-job'),
      environment: fc.constantFrom(undefined, { A: '1' }, { A: '{{.Status}}', B: null }, { A: '{{.Task.Slot}}' }),
      restart: fc.constantFrom(undefined, 'no', 'always', 'on-failure:2'),
      port: fc.constantFrom(undefined, 'ingress', 'host'),
      networks: fc.constantFrom(['default'], ['other'], ['default', 'other']),
      network_mode: fc.constantFrom(undefined, undefined, undefined, 'none'),
      secret: fc.boolean(),
      config: fc.boolean(),
      volumes: fc.constantFrom(undefined, [{ type: 'volume' as const, source: 'data', target: '/data/' }]),
      health: fc.boolean(),
      on: fc.subarray(names.slice(0, index)),
      condition: fc.constantFrom('service_started', 'service_completed_successfully'),
      again: fc.boolean(),
    })
    .map((sketch): ServiceSketch => {
      const { image, restart, environment, volumes, network_mode } = sketch;
      return {
        image,
        ...(restart === undefined ? {} : { restart }),
        ...(environment === undefined ? {} : { environment: environment as Record<string, string | null> }),
        ...(volumes === undefined ? {} : { volumes }),
        ...(sketch.port === undefined
          ? {}
          : { ports: [{ target: 80, published: `808${index}`, protocol: 'tcp', mode: sketch.port }] }),
        ...(network_mode === undefined
          ? { networks: Object.fromEntries(sketch.networks.map((name) => [name, null])) }
          : { network_mode }),
        ...(sketch.secret ? { secrets: [{ source: 'password' }] } : {}),
        ...(sketch.config ? { configs: [{ source: 'settings', target: '/etc/settings' }] } : {}),
        ...(sketch.health ? { healthcheck: { test: ['CMD', 'true'] } } : {}),
        ...(sketch.mode === undefined
          ? { scale: sketch.scale }
          : { deploy: { mode: sketch.mode, resources: {}, placement: {} } }),
        depends_on: Object.fromEntries(
          sketch.on.map((on) => [
            on,
            {
              condition: sketch.condition as 'service_started',
              required: true,
              ...(sketch.again ? { restart: true as const } : {}),
            },
          ]),
        ),
      };
    });

const arbitraryWish: fc.Arbitrary<Wish> = fc
  .tuple(
    fc.subarray(names, { minLength: 1 }),
    fc.tuple(...names.map((_, index) => arbitraryService(index))),
    fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom('x', 'y')),
  )
  .map(([present, services, texts]) => {
    const chosen = names.flatMap((name, index): [string, ServiceSketch][] => {
      const { depends_on = {}, ...service } = services[index] as ServiceSketch;
      const known = Object.entries(depends_on).filter(([on]) => present.includes(on));
      return present.includes(name) ? [[name, { ...service, depends_on: Object.fromEntries(known) }]] : [];
    });
    const project = makeProject(Object.fromEntries(chosen), {
      networks: { default: { name: 'shop_default', ipam: {} }, other: { name: 'shop_other', ipam: {} } },
      volumes: { data: { name: 'shop_data' } },
      secrets: { password: { name: 'shop_password', environment: 'P' } },
      configs: { settings: { name: 'shop_settings', content: 's' } },
    });
    return { project, texts };
  });

function desiredOf({ project, texts: [secret, config] }: Wish, revision: number): SwarmDesired {
  return makeSwarmDesired(project, { revision, secrets: { password: secret }, configs: { settings: config } });
}

function deployed(swarm: ModelSwarm, desired: SwarmDesired): void {
  const plan = planSwarmDeploy(desired, swarm.observe());
  expect(printPlan(planSwarmDeploy(desired, swarm.observe())), 'the same twice').toBe(printPlan(plan));
  swarm.apply(plan);
  expect(printPlan(planSwarmDeploy(desired, swarm.observe())), printPlan(plan)).toBe('nothing to do\n');
}

const standing = (swarm: ModelSwarm): string[] =>
  [...swarm.services.values()].map(({ Spec }) => Spec.Name ?? '').sort();
const wanted = ({ project }: Wish): string[] =>
  Object.keys(project.services)
    .map((name) => `shop_${name}`)
    .sort();

test(
  'carrying a plan out brings about what is wanted, from whatever stood before, and a second plan is empty',
  () => {
    fc.assert(
      fc.property(arbitraryWish, arbitraryWish, (first, second) => {
        const swarm = new ModelSwarm();
        deployed(swarm, desiredOf(first, 1));
        deployed(swarm, desiredOf(second, 2));
        expect(standing(swarm)).toEqual(wanted(second));
        // Of a secret and a config there is one each at most, and only where a service names it.
        for (const kind of ['secrets', 'configs'] as const) {
          const used = Object.values(second.project.services).some((service) => (service[kind] ?? []).length > 0);
          expect(swarm[kind].size).toBe(used ? 1 : 0);
        }
      }),
      runs,
    );
  },
  timeout,
);

test(
  'cut off after any operation, a deploy is taken up again, and the revision before can be put back',
  () => {
    fc.assert(
      fc.property(arbitraryWish, arbitraryWish, fc.nat({ max: 20 }), fc.boolean(), (first, second, done, back) => {
        const swarm = new ModelSwarm();
        deployed(swarm, desiredOf(first, 1));
        const plan = planSwarmDeploy(desiredOf(second, 2), swarm.observe());
        swarm.apply({ ...plan, operations: plan.operations.slice(0, done) });
        const goal = back ? first : second;
        deployed(swarm, desiredOf(goal, back ? 1 : 2));
        expect(standing(swarm)).toEqual(wanted(goal));
      }),
      runs,
    );
  },
  timeout,
);

test(
  'down leaves nothing of the stack',
  () => {
    fc.assert(
      fc.property(arbitraryWish, (wish) => {
        const swarm = new ModelSwarm();
        deployed(swarm, desiredOf(wish, 1));
        swarm.apply(planSwarmDown(swarm.observe()));
        expect([swarm.services.size, swarm.networks.size, swarm.secrets.size, swarm.configs.size]).toEqual([
          0, 0, 0, 0,
        ]);
      }),
      runs,
    );
  },
  timeout,
);
