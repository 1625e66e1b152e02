import { bundleReader, load, type Project, toYaml } from '@drover/compose';
import type { ObservedNetwork, ObservedService, ServiceSpec, SwarmDesired, SwarmObserved } from '@drover/orchestration';
import { planSwarmDeploy } from '@drover/orchestration/plan/swarm/deploy';
import { expect, test } from 'vitest';
import { projectFromServices } from '../src/domain/adopt/project-from-services.ts';

const nothing: SwarmObserved = {
  project: 'shop',
  services: [],
  foreign: [],
  networks: [],
  secrets: [],
  configs: [],
  nodes: [],
  tasks: new Map(),
};

async function projectOf(text: string): Promise<Project> {
  const result = await load({
    files: [{ uri: '/srv/shop/compose.yaml', text }],
    workingDir: '/srv/shop',
    projectName: 'shop',
    environment: {},
    reader: bundleReader(new Map()),
  });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.project;
}

const digest = `sha256:${'1'.repeat(64)}`;

function desired(project: Project): SwarmDesired {
  return {
    identity: { name: 'shop', workingDir: '/', configFiles: [], envFiles: [] },
    revision: 1,
    project,
    images: new Map(
      Object.entries(project.services).map(([name, { image = '' }]) => [
        name,
        { ref: image, pinned: image.includes('@') ? image : `${image}@${digest}`, config: {} },
      ]),
    ),
    contents: { secrets: new Map(), configs: new Map(), files: new Map() },
    facts: { managerApi: '1.51' },
  };
}

const hostNetwork = {
  Id: 'id-of-host',
  Name: 'host',
  Driver: 'host',
  Scope: 'local',
  EnableIPv6: false,
  IPAM: {},
  Internal: false,
  Attachable: false,
  Options: {},
  Labels: null,
} as ObservedNetwork;

/** What stands after the project was deployed. */
function standing(project: Project): SwarmObserved {
  const { operations } = planSwarmDeploy(desired(project), nothing);
  const networks = operations.flatMap((each): ObservedNetwork[] => {
    if (each.kind !== 'network-create') return [];
    const { Name, Driver = 'overlay', Labels = null, Attachable, Internal, Options = {} } = each.body;
    return [
      {
        Id: `id-of-${Name}`,
        Name,
        Driver: Driver ?? 'overlay',
        Scope: 'swarm',
        EnableIPv6: false,
        IPAM: { Driver: 'default', Config: [{ Subnet: '10.0.1.0/24' }] },
        Internal: Internal === true,
        Attachable: Attachable === true,
        Options: Options ?? {},
        Labels: Labels ?? null,
      } as ObservedNetwork,
    ];
  });
  const asKept = (spec: ServiceSpec): ServiceSpec => ({
    ...spec,
    TaskTemplate: {
      ...spec.TaskTemplate,
      Networks: (spec.TaskTemplate?.Networks ?? []).map((each) => ({ ...each, Target: `id-of-${each.Target}` })),
    },
  });
  const services = operations.flatMap((each): ObservedService[] =>
    each.kind === 'service-create'
      ? [{ ID: `id-of-${each.target}`, Version: { Index: 1 }, Spec: asKept(each.spec) }]
      : [],
  );
  const tasks = new Map(
    services.map(({ ID, Spec }) => {
      const wanted = Spec.Mode?.Replicated?.Replicas ?? Spec.Mode?.ReplicatedJob?.TotalCompletions ?? 1;
      return [ID, { running: wanted, desired: wanted, completed: wanted }];
    }),
  );
  return { ...nothing, networks: [...networks, hostNetwork], services, tasks };
}

const stacks = {
  plain: `
services:
  web:
    image: nginx:1.27
`,
  much: `
services:
  web:
    image: nginx:1.27
    entrypoint: [nginx]
    command: [-g, daemon off;]
    environment: {MODE: fast, EMPTY: "", TEMPLATE: "{{.Node.Hostname}}"}
    labels: {team: a}
    hostname: web
    user: "101:101"
    working_dir: /srv
    group_add: ["44"]
    init: true
    read_only: true
    stop_signal: SIGQUIT
    stop_grace_period: 30s
    tty: true
    stdin_open: true
    extra_hosts: ["db:10.0.0.9"]
    dns: [10.0.0.2]
    dns_search: [example.com]
    sysctls: {net.core.somaxconn: 1024}
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
    ulimits: {nofile: {soft: 1024, hard: 2048}}
    healthcheck: {test: [CMD, "true"], interval: 5s, timeout: 2s, retries: 3, start_period: 1s}
    ports: ["8080:80", {target: 53, published: 5353, protocol: udp, mode: host}]
    volumes: [data:/data, /etc/ssl:/ssl:ro, {type: tmpfs, target: /tmp, tmpfs: {size: 1000000}}]
    networks: {front: {aliases: [www]}, back: {}}
    logging: {driver: json-file, options: {max-size: 1m}}
    deploy:
      replicas: 3
      labels: {tier: edge}
      endpoint_mode: vip
      update_config: {parallelism: 2, delay: 3s, order: start-first, monitor: 9s}
      restart_policy: {condition: on-failure, delay: 2s, max_attempts: 4, window: 1m}
      placement: {constraints: [node.role == worker], preferences: [{spread: node.labels.zone}], max_replicas_per_node: 2}
      resources: {limits: {cpus: "0.5", memory: 64M, pids: 50}, reservations: {cpus: "0.25", memory: 32M}}
networks: {front: {}, back: {internal: true}}
volumes: {data: {labels: {keep: "yes"}}}
`,
  modes: `
services:
  agent:
    image: agent:1
    restart: "no"
    deploy: {mode: global}
  migrate:
    image: app:1
    command: migrate
    deploy: {mode: replicated-job, replicas: 2}
  host:
    image: app:1
    network_mode: host
`,
};

test.each(Object.entries(stacks))(
  'a file written from what stands of %s changes nothing when it is deployed',
  async (_, text) => {
    const observed = standing(await projectOf(text));
    const written = toYaml(projectFromServices(observed));
    const plan = planSwarmDeploy(desired(await projectOf(written)), observed);
    expect(plan.services.filter(({ change }) => change !== 'unchanged')).toEqual([]);
    expect(plan.operations).toEqual([]);
  },
);

test('secrets and configs of a stack are external in the file that is written, since their content cannot be read', async () => {
  const observed = standing(await projectOf(stacks.plain));
  const [service] = observed.services;
  if (service === undefined) throw new Error('no service');
  const Spec: ServiceSpec = {
    ...service.Spec,
    TaskTemplate: {
      ...service.Spec.TaskTemplate,
      ContainerSpec: {
        ...service.Spec.TaskTemplate?.ContainerSpec,
        Secrets: [
          { SecretID: 's1', SecretName: 'shop_password', File: { Name: 'pw', UID: '0', GID: '0', Mode: 0o444 } },
        ],
        Configs: [
          { ConfigID: 'c1', ConfigName: 'shop_site', File: { Name: '/site', UID: '5', GID: '0', Mode: 0o400 } },
        ],
      },
    },
  };
  const project = projectFromServices({ ...observed, services: [{ ...service, Spec }] });
  expect(project.secrets).toEqual({ shop_password: { name: 'shop_password', external: true } });
  expect(project.configs).toEqual({ shop_site: { name: 'shop_site', external: true } });
  expect(project.services.web?.secrets).toEqual([
    { source: 'shop_password', target: 'pw', uid: '0', gid: '0', mode: '0444' },
  ]);
  expect(project.services.web?.configs).toEqual([
    { source: 'shop_site', target: '/site', uid: '5', gid: '0', mode: '0400' },
  ]);
});
