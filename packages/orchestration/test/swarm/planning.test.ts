import type { Project } from '@drover/compose';
import { describe, expect, test } from 'vitest';
import { PlanError } from '../../src/model/errors.ts';
import type { SwarmPlanOptions } from '../../src/model/swarm/plan-options.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { planSwarmDown } from '../../src/plan/swarm/down.ts';
import { planSwarmRestart } from '../../src/plan/swarm/restart.ts';
import { makeProject, type ServiceSketch } from '../make-project.ts';
import { makeNode } from './make-node.ts';
import { makeSwarmDesired, type SwarmSketch } from './make-swarm-desired.ts';
import { ModelSwarm } from './model-swarm.ts';

const health = { healthcheck: { test: ['CMD', 'true'] } };
const needs = (on: string, condition: string, more: object = {}) =>
  ({ depends_on: { [on]: { condition, required: true, ...more } } }) as ServiceSketch;

interface State {
  readonly project: Project;
  readonly sketch?: SwarmSketch;
}

const state = (
  services: Record<string, ServiceSketch>,
  rest: Partial<Project> = {},
  sketch: SwarmSketch = {},
): State => ({
  project: makeProject(services, rest),
  sketch,
});

/** The plan's text; it is carried out, and a second one must be empty. */
function deploy(swarm: ModelSwarm, { project, sketch }: State, options: SwarmPlanOptions = {}): string {
  const desired = makeSwarmDesired(project, sketch);
  const plan = planSwarmDeploy(desired, swarm.observe(), options);
  swarm.apply(plan);
  const { recreate: _, ...same } = options;
  expect(printPlan(planSwarmDeploy(desired, swarm.observe(), same))).toBe('nothing to do\n');
  return printPlan(plan);
}

function between(before: State, after: State, options: SwarmPlanOptions = {}): string {
  const swarm = new ModelSwarm();
  deploy(swarm, before);
  return deploy(swarm, { ...after, sketch: { revision: 2, ...after.sketch } }, options);
}

function problems(call: () => unknown): string[] {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof PlanError) return thrown.problems.map(({ message }) => message);
    throw thrown;
  }
  return [];
}

const files = {
  secrets: { password: { name: 'shop_password', environment: 'PASSWORD' } },
  configs: { settings: { name: 'shop_settings', content: 'x' } },
};
const shop = {
  db: { image: 'postgres:16', ...health, secrets: [{ source: 'password' }] },
  migrate: { image: 'shop:1', ...needs('db', 'service_healthy') },
  web: {
    image: 'shop:1',
    scale: 2,
    ...needs('migrate', 'service_completed_successfully'),
    configs: [{ source: 'settings' }],
  },
};
const contents = { secrets: { password: 'hunter2' }, configs: { settings: 'a' } };

describe('a stack that is not there', () => {
  test('comes up in the order of what depends on what', () => {
    expect(deploy(new ModelSwarm(), state(shop, files, contents))).toMatchInlineSnapshot(`
      "[1] network-create shop_default — network is missing
      [2] secret-create shop_password-5f0b93e4a0b1 — secret is missing
      [3] config-create shop_settings-d3ce5792e8d7 — config is missing
      [4] service-create shop_db — service is missing (after 1, 2)
      [5] service-wait healthy shop_db — its tasks must be healthy (after 4)
      [6] service-create shop_migrate — service is missing (after 1, 5)
      [7] service-wait completed shop_migrate — the job must be done (after 6)
      [8] service-create shop_web — service is missing (after 1, 3, 7)
      [9] service-wait running shop_web — its tasks must run (after 8)
      "
    `);
  });

  test('no secret and no content is in what is shown', () => {
    const text = deploy(new ModelSwarm(), state(shop, files, contents));
    expect(text).not.toContain('hunter2');
  });
});

describe('a change', () => {
  test('of an image updates that service and waits for it', () => {
    expect(between(state({ web: {}, db: {} }), state({ web: { image: 'app:2' }, db: {} }))).toMatchInlineSnapshot(`
      "[1] service-update shop_web — image changed: app:1 → app:2
      [2] service-wait running shop_web — its tasks must run (after 1)
      "
    `);
  });

  test('of a tag’s content says both digests', () => {
    const moved = { web: { pinned: `app:1@sha256:${'ab'.repeat(32)}` } };
    expect(between(state({ web: {} }), state({ web: {} }, {}, { images: moved }))).toMatchInlineSnapshot(`
      "[1] service-update shop_web — image app:1 has new content: sha256:6170703a3100 → sha256:abababababab
      [2] service-wait running shop_web — its tasks must run (after 1)
      "
    `);
  });

  test('of a secret makes a new one, moves the services to it and removes the old one', () => {
    const next = { ...contents, secrets: { password: 'other' } };
    expect(between(state(shop, files, contents), state(shop, files, next))).toMatchInlineSnapshot(`
      "[1] secret-create shop_password-4d8280b65782 — secret password changed
      [2] service-update shop_db — secret password changed (after 1)
      [3] service-wait running shop_db — its tasks must run (after 2)
      [4] secret-remove shop_password-5f0b93e4a0b1 — nothing names it any more (after 3)
      "
    `);
  });

  test('of the replicas alone scales', () => {
    expect(between(state({ web: {} }), state({ web: { scale: 3 } }))).toMatchInlineSnapshot(`
      "[1] service-update shop_web — replicas changed: 1 → 3
      [2] service-wait running shop_web — its tasks must run (after 1)
      "
    `);
  });

  test('of what Swarm does with updates leaves the tasks alone', () => {
    const deployed = {
      deploy: { resources: {}, placement: {}, update_config: { parallelism: 2 }, labels: { team: 'a' } },
    };
    expect(between(state({ web: {} }), state({ web: deployed }))).toMatchInlineSnapshot(`
      "[1] service-update shop_web — update settings changed; service label team added
      "
    `);
  });

  test('into a job makes the service anew', () => {
    const after = { seed: {}, web: needs('seed', 'service_completed_successfully') };
    expect(between(state({ seed: {}, web: {} }), state(after))).toMatchInlineSnapshot(`
      "[1] service-remove shop_seed — mode changed: replicated → replicated-job, which Swarm does only with a new service
      [2] service-create shop_seed — mode changed: replicated → replicated-job, which Swarm does only with a new service (after 1)
      [3] service-wait completed shop_seed — the job must be done (after 2)
      "
    `);
  });

  test('of a job runs it again', () => {
    const web = needs('seed', 'service_completed_successfully');
    expect(between(state({ seed: {}, web }), state({ seed: { image: 'app:2' }, web }))).toMatchInlineSnapshot(`
      "[1] service-update shop_seed — image changed: app:1 → app:2
      [2] service-wait completed shop_seed — the job must be done (after 1)
      "
    `);
  });

  test('restarts those that ask for it', () => {
    const web = needs('db', 'service_started', { restart: true });
    expect(between(state({ db: {}, web }), state({ db: { image: 'app:2' }, web }))).toMatchInlineSnapshot(`
      "[1] service-update shop_db — image changed: app:1 → app:2
      [2] service-wait running shop_db — its tasks must run (after 1)
      [3] service-update shop_web — db is replaced, and it asks to be restarted then (after 2)
      [4] service-wait running shop_web — its tasks must run (after 3)
      "
    `);
  });

  test('that moves a port to another service frees it first', () => {
    const port = { ports: [{ target: 80, published: '80', protocol: 'tcp', mode: 'ingress' }] };
    expect(between(state({ a: port, b: {} }), state({ a: {}, b: port }))).toMatchInlineSnapshot(`
      "[1] service-update shop_a — port 80:80/tcp removed
      [2] service-update shop_b — port 80:80/tcp added (after 1)
      [3] service-wait running shop_a — its tasks must run (after 1)
      [4] service-wait running shop_b — its tasks must run (after 2)
      "
    `);
    expect(between(state({ old: port }), state({ a: port }))).toMatchInlineSnapshot(`
      "[1] service-remove shop_old — the service old is not in the project
      [2] service-create shop_a — service is missing (after 1)
      [3] service-wait running shop_a — its tasks must run (after 2)
      "
    `);
  });

  test('names fields and keys, and never a value that may be secret', () => {
    const before = { environment: { TOKEN: 'hunter1', MODE: 'a' }, command: ['serve'], hostname: 'one' };
    const after = { environment: { TOKEN: 'hunter2' }, command: ['serve', '--fast'], hostname: 'two', restart: 'no' };
    expect(between(state({ web: before }), state({ web: after }))).toMatchInlineSnapshot(`
      "[1] service-update shop_web — environment MODE removed; environment TOKEN changed; command changed; hostname changed: one → two; restart policy changed: any → none
      [2] service-wait running shop_web — its tasks must run (after 1)
      "
    `);
  });
});

describe('a volume that lies on one host', () => {
  const data = { volumes: [{ type: 'volume' as const, source: 'data', target: '/data' }] };
  const rest = { volumes: { data: { name: 'shop_data' } } };
  const constraints = (swarm: ModelSwarm): unknown =>
    [...swarm.services.values()].map(({ Spec }) => Spec.TaskTemplate?.Placement?.Constraints);

  test('keeps the tasks of all its services where it is', () => {
    const swarm = new ModelSwarm();
    swarm.nodes = [makeNode('a', { availability: 'drain' }), makeNode('b'), makeNode('c')];
    deploy(swarm, state({ db: data, backup: data, web: {} }, rest));
    expect(constraints(swarm)).toEqual([['node.id==id-b'], ['node.id==id-b'], undefined]);
    swarm.nodes = [makeNode('a'), makeNode('b', { state: 'down' }), makeNode('c')];
    deploy(swarm, state({ db: { ...data, image: 'app:2' }, backup: data, web: {} }, rest, { revision: 2 }));
    expect(constraints(swarm)).toEqual([['node.id==id-b'], ['node.id==id-b'], undefined]);
  });

  test('is no reason to touch what docker stack deploy made, until something changes', () => {
    const swarm = new ModelSwarm();
    deploy(swarm, state({ db: data }, rest));
    swarm.nodes = [makeNode('a'), makeNode('b')];
    expect(deploy(swarm, state({ db: data }, rest))).toBe('nothing to do\n');
    deploy(swarm, state({ db: { ...data, image: 'app:2' } }, rest));
    expect(constraints(swarm)).toEqual([['node.id==id-a']]);
  });

  test('is the author’s where the file names the host', () => {
    const swarm = new ModelSwarm();
    swarm.nodes = [makeNode('a'), makeNode('b')];
    const placement = { constraints: ['node.hostname==b'] };
    deploy(swarm, state({ db: { ...data, deploy: { resources: {}, placement } } }, rest));
    expect(constraints(swarm)).toEqual([['node.hostname==b']]);
  });
});

test('pre_start hooks run as jobs before the tasks, and what an earlier run left of them goes first', () => {
  const web = { environment: { MODE: 'a' }, pre_start: [{ command: ['migrate'], environment: { STEP: '1' } }] };
  const swarm = new ModelSwarm();
  expect(deploy(swarm, state({ web }))).toMatchInlineSnapshot(`
    "[1] network-create shop_default — network is missing
    [2] service-create shop_web-pre_start-1 — hook 1 runs before web starts (after 1)
    [3] service-wait completed shop_web-pre_start-1 — hook 1 runs before web starts (after 2)
    [4] service-remove shop_web-pre_start-1 — it has done its work (after 3)
    [5] service-create shop_web — service is missing (after 4)
    [6] service-wait running shop_web — its tasks must run (after 5)
    "
  `);
  const labels = { 'com.docker.stack.namespace': 'shop', 'io.drover.revision': '2' };
  swarm.addService({ Name: 'shop_web-pre_start-1', Labels: labels });
  const desired = makeSwarmDesired(makeProject({ web: { ...web, image: 'app:2' } }), { revision: 2 });
  const plan = planSwarmDeploy(desired, swarm.observe());
  expect(printPlan(plan)).toMatchInlineSnapshot(`
    "[1] service-remove left shop_web-pre_start-1 — an earlier run left it
    [2] service-create shop_web-pre_start-1 — hook 1 runs before web starts (after 1)
    [3] service-wait completed shop_web-pre_start-1 — hook 1 runs before web starts (after 2)
    [4] service-remove shop_web-pre_start-1 — it has done its work (after 3)
    [5] service-update shop_web — image changed: app:1 → app:2 (after 4)
    [6] service-wait running shop_web — its tasks must run (after 5)
    "
  `);
  expect(plan.operations.find(({ kind }) => kind === 'service-create')).toMatchObject({
    spec: {
      Mode: { ReplicatedJob: { TotalCompletions: 1 } },
      TaskTemplate: {
        ContainerSpec: { Args: ['migrate'], Env: ['MODE=a', 'STEP=1'] },
        RestartPolicy: { Condition: 'none' },
      },
    },
  });
  swarm.apply(plan);
  expect(swarm.services.size).toBe(1);
});

describe('what nothing names any more', () => {
  test('goes last', () => {
    const swarm = new ModelSwarm();
    deploy(swarm, state(shop, files, contents));
    expect(deploy(swarm, state({ only: {} }, {}, { revision: 2 }))).toMatchInlineSnapshot(`
      "[1] service-create shop_only — service is missing
      [2] service-wait running shop_only — its tasks must run (after 1)
      [3] service-remove shop_db — the service db is not in the project (after 2)
      [4] service-remove shop_migrate — the service migrate is not in the project (after 2)
      [5] service-remove shop_web — the service web is not in the project (after 2)
      [6] secret-remove shop_password-5f0b93e4a0b1 — nothing names it any more (after 3, 4, 5)
      [7] config-remove shop_settings-d3ce5792e8d7 — nothing names it any more (after 3, 4, 5)
      "
    `);
    expect([swarm.secrets.size, swarm.configs.size]).toEqual([0, 0]);
  });

  test('stays where a kept revision needs it, where others made it, or where nothing was asked', () => {
    const swarm = new ModelSwarm();
    deploy(swarm, state(shop, files, contents));
    const keep = new Set([...swarm.secrets.values()].map(({ Spec }) => Spec.Name));
    deploy(swarm, state({ only: {} }, {}, { revision: 2 }), { keep });
    expect(swarm.secrets.size).toBe(1);
    swarm.addService({ Name: 'shop_byhand', Labels: { 'com.docker.stack.namespace': 'shop' } });
    const plan = planSwarmDeploy(makeSwarmDesired(makeProject({ only: {} })), swarm.observe(), { keep });
    expect(printPlan(plan)).toBe('nothing to do\n');
    expect(plan.notices.map(({ message }) => message)).toEqual([
      'the service shop_byhand is not in the project; it stays',
    ]);
    expect(deploy(swarm, state({ only: {} }), { orphans: 'all' })).toContain('service-remove shop_byhand');
  });
});

test('down removes the services, then what they named', () => {
  const swarm = new ModelSwarm();
  deploy(swarm, state(shop, files, contents));
  const plan = planSwarmDown(swarm.observe());
  expect(printPlan(plan)).toMatchInlineSnapshot(`
    "[1] service-remove shop_db — taking down was asked for
    [2] service-remove shop_migrate — taking down was asked for
    [3] service-remove shop_web — taking down was asked for
    [4] network-remove shop_default — taking down was asked for (after 1, 2, 3)
    [5] secret-remove shop_password-5f0b93e4a0b1 — taking down was asked for (after 1, 2, 3)
    [6] config-remove shop_settings-d3ce5792e8d7 — taking down was asked for (after 1, 2, 3)
    "
  `);
  swarm.apply(plan);
  expect([swarm.services.size, swarm.networks.size, swarm.secrets.size, swarm.configs.size]).toEqual([0, 0, 0, 0]);
});

test('a restart makes the tasks anew, jobs aside', () => {
  const swarm = new ModelSwarm();
  deploy(swarm, state(shop, files, contents));
  const plan = planSwarmRestart(swarm.observe());
  expect(printPlan(plan)).toMatchInlineSnapshot(`
    "[1] service-update shop_db — a restart was asked for
    [2] service-wait running shop_db — its tasks must run again (after 1)
    [3] service-update shop_web — a restart was asked for
    [4] service-wait running shop_web — its tasks must run again (after 3)
    "
  `);
  swarm.apply(plan);
  expect(printPlan(planSwarmDeploy(makeSwarmDesired(makeProject(shop, files), contents), swarm.observe()))).toBe(
    'nothing to do\n',
  );
});

test('new tasks on request, though nothing changed', () => {
  expect(between(state({ web: {} }), state({ web: {} }), { recreate: 'force' })).toMatchInlineSnapshot(`
    "[1] service-update shop_web — new tasks were asked for
    [2] service-wait running shop_web — its tasks must run (after 1)
    "
  `);
});

test('without IPVS the plan says what it does instead', () => {
  const web = { ports: [{ target: 80, published: '80', protocol: 'tcp', mode: 'ingress' }] };
  const desired = makeSwarmDesired(makeProject({ web }), { facts: { ipvs: false } });
  const plan = planSwarmDeploy(desired, new ModelSwarm().observe());
  const create = plan.operations.find(({ kind }) => kind === 'service-create');
  expect(create).toMatchObject({
    spec: { EndpointSpec: { Mode: 'dnsrr', Ports: [{ TargetPort: 80, PublishedPort: 80, PublishMode: 'host' }] } },
  });
  expect(plan.notices.map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "web: its name leads to the tasks in turn (dnsrr), since a host has no IPVS for a virtual address",
      "web: its ports are published on the hosts that run a task (mode: host), since a host has no IPVS for the routing mesh",
    ]
  `);
});

describe('what cannot be', () => {
  test('is said all at once, before anything is touched', () => {
    const swarm = new ModelSwarm();
    swarm.addNetwork('shop_default');
    swarm.addService({ Name: 'shop_web' });
    swarm.addService({
      Name: 'proxy',
      EndpointSpec: { Ports: [{ PublishedPort: 80, TargetPort: 80, Protocol: 'tcp' }] },
    });
    const services = {
      web: {
        networks: { outer: null, default: null },
        ports: [{ target: 80, published: '80', protocol: 'tcp', mode: 'ingress' }],
      },
      api: { secrets: [{ source: 'vault' }], configs: [{ source: 'settings' }], domainname: 'x' },
    };
    const rest = {
      networks: {
        default: { name: 'shop_default', ipam: {} },
        outer: { name: 'outer', external: true as const, ipam: {} },
      },
      secrets: { vault: { name: 'vault', external: true as const } },
      configs: { settings: { name: 'shop_settings', content: 'x' } },
    };
    expect(
      problems(() => planSwarmDeploy(makeSwarmDesired(makeProject(services, rest)), swarm.observe())),
    ).toMatchInlineSnapshot(`
      [
        "domainname of api is refused on a Swarm: Swarm gives its tasks no domain name; write the full name as \`hostname\`",
        "the network shop_default exists and was not made for this stack; set "external: true" to use it as it stands, or another "name"",
        "the network outer is declared as external, and the Swarm has none of that name; make it with "docker network create --driver overlay --attachable"",
        "the secret vault is declared as external, and the Swarm has none of that name",
        "the config settings has no content",
        "web: there is a service shop_web, which belongs to no stack",
        "web publishes 80/tcp, which the service proxy has",
      ]
    `);
  });

  test('ports that two services exchange', () => {
    const port = (published: string) => ({ ports: [{ target: 80, published, protocol: 'tcp', mode: 'ingress' }] });
    const swarm = new ModelSwarm();
    deploy(swarm, state({ a: port('80'), b: port('81') }));
    const swapped = makeSwarmDesired(makeProject({ a: port('81'), b: port('80') }));
    expect(problems(() => planSwarmDeploy(swapped, swarm.observe()))).toMatchInlineSnapshot(`
      [
        "b publishes 80/tcp, which shop_a gives up only after it; deploy in two steps",
      ]
    `);
  });
});
