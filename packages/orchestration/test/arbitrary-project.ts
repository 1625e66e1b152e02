import type { DependencyCondition, Project } from '@drover/compose';
import fc from 'fast-check';
import { makeProject, type ServiceSketch } from './make-project.ts';

const names = ['a', 'b', 'c', 'd'];

interface Draft {
  readonly present: boolean;
  readonly image: string;
  readonly level: number;
  readonly scale: number;
  readonly health: boolean;
  readonly job: boolean;
  readonly volume: boolean;
  readonly anonymous: boolean;
  readonly port: boolean;
  readonly networks: readonly string[];
  readonly order: string | undefined;
  readonly parallelism: number;
  readonly shares: boolean;
  readonly restart: string | undefined;
  readonly needs: readonly {
    readonly on: number;
    readonly started: boolean;
    readonly restart: boolean;
    readonly required: boolean;
  }[];
}

const draft: fc.Arbitrary<Draft> = fc.record({
  present: fc.boolean().map((absent) => !absent),
  image: fc.constantFrom('app:1', 'app:2'),
  level: fc.integer({ min: 0, max: 2 }),
  scale: fc.integer({ min: 1, max: 3 }),
  health: fc.boolean(),
  job: fc.boolean().map((yes) => yes),
  volume: fc.boolean(),
  anonymous: fc.boolean(),
  port: fc.boolean(),
  networks: fc.constantFrom(['default'], ['back'], ['default', 'back']),
  order: fc.constantFrom(undefined, undefined, 'start-first', 'stop-first'),
  parallelism: fc.integer({ min: 0, max: 2 }),
  shares: fc.boolean(),
  restart: fc.constantFrom(undefined, 'always', 'unless-stopped'),
  needs: fc.array(
    fc.record({ on: fc.nat({ max: 2 }), started: fc.boolean(), restart: fc.boolean(), required: fc.boolean() }),
    { maxLength: 2 },
  ),
});

/** Projects of up to four services that differ in all that planning turns on. */
export const arbitraryProject: fc.Arbitrary<Project> = fc
  .record({
    drafts: fc.tuple(draft, draft, draft, draft),
    subnet: fc.constantFrom('10.1.0.0/16', '10.2.0.0/16', undefined),
  })
  .map(({ drafts, subnet }) => {
    const services: Record<string, ServiceSketch> = {};
    for (const [index, each] of drafts.entries()) {
      const name = names[index] as string;
      if (each.present || index === 0) services[name] = sketch(each, index, services);
    }
    return makeProject(services, {
      networks: {
        default: { name: 'shop_default', ipam: {} },
        back: { name: 'shop_back', ipam: subnet === undefined ? {} : { config: [{ subnet }] } },
      },
      volumes: { data: { name: 'shop_data' } },
    });
  });

function sketch(each: Draft, index: number, before: Readonly<Record<string, ServiceSketch>>): ServiceSketch {
  const earlier = Object.keys(before);
  const host = each.shares ? earlier[0] : undefined;
  const isJob = each.job && index === 1;
  const scale = isJob || each.port ? 1 : each.scale;
  const needs = new Map(each.needs.map((need) => [earlier[need.on % Math.max(earlier.length, 1)], need]));
  const dependsOn = [...needs].flatMap(([on, need]) => {
    if (on === undefined) return [];
    const other = before[on] as ServiceSketch;
    const strict: DependencyCondition =
      other.image === 'job:1'
        ? 'service_completed_successfully'
        : other.healthcheck
          ? 'service_healthy'
          : 'service_started';
    const condition = need.started ? 'service_started' : strict;
    return [[on, { condition, required: need.required, ...(need.restart ? { restart: true as const } : {}) }] as const];
  });
  return {
    image: isJob ? 'job:1' : each.image,
    environment: { LEVEL: String(each.level) },
    scale,
    ...(each.health && !isJob ? { healthcheck: { test: ['CMD', 'true'] } } : {}),
    ...(isJob ? { restart: 'no' } : each.restart === undefined ? {} : { restart: each.restart }),
    ...(each.volume || each.anonymous
      ? {
          volumes: [
            ...(each.volume ? [{ type: 'volume' as const, source: 'data', target: '/data', volume: {} }] : []),
            ...(each.anonymous ? [{ type: 'volume' as const, target: '/scratch', volume: {} }] : []),
          ],
        }
      : {}),
    ...(host !== undefined && !isJob
      ? { network_mode: `service:${host}` }
      : { networks: Object.fromEntries(each.networks.map((key) => [key, null])) }),
    ...(each.port && host === undefined
      ? { ports: [{ target: 80, published: String(8000 + index), protocol: 'tcp' }] }
      : {}),
    ...(dependsOn.length > 0 ? { depends_on: Object.fromEntries(dependsOn) } : {}),
    deploy: {
      resources: {},
      placement: {},
      update_config: { parallelism: each.parallelism, ...(each.order === undefined ? {} : { order: each.order }) },
    },
  };
}
