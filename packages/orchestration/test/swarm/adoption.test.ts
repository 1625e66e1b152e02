import { describe, expect, test } from 'vitest';
import type { ServiceSpec } from '../../src/model/swarm/service-spec.ts';
import { printPlan } from '../../src/plan/print.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { makeProject, type ServiceSketch } from '../make-project.ts';
import { digestOf, makeSwarmDesired, type SwarmSketch } from './make-swarm-desired.ts';
import { ModelSwarm } from './model-swarm.ts';

const stack = { 'com.docker.stack.namespace': 'shop' };
const aliases = (name: string) => [{ Target: 'shop_default', Aliases: [name] }];

/** What `docker stack deploy` sends for the smallest service (docker/cli, `cli/compose/convert`), with the digest that it adds. */
function stackService(
  name: string,
  more: ServiceSpec = {},
  container: object = {},
  template: object = {},
): ServiceSpec {
  return {
    Name: `shop_${name}`,
    Labels: { ...stack, 'com.docker.stack.image': 'app:1' },
    Mode: { Replicated: { Replicas: 1 } },
    UpdateConfig: null,
    RollbackConfig: null,
    EndpointSpec: { Mode: 'vip' },
    ...more,
    TaskTemplate: {
      ContainerSpec: {
        Image: `app:1@${digestOf('app:1')}`,
        Labels: stack,
        Command: null,
        Args: null,
        Env: [],
        Mounts: null,
        Hosts: [],
        DNSConfig: null,
        Secrets: [],
        Configs: [],
        Privileges: { CredentialSpec: null, SELinuxContext: null },
        Isolation: 'default',
        Ulimits: [],
        Sysctls: null,
        ...container,
      },
      Resources: {},
      RestartPolicy: null,
      Placement: { Constraints: null, Preferences: null, Platforms: [{ Architecture: 'amd64', OS: 'linux' }] },
      Networks: aliases(name),
      LogDriver: null,
      ForceUpdate: 3,
      ...template,
    },
  };
}

function planFor(
  standing: readonly ServiceSpec[],
  services: Record<string, ServiceSketch>,
  more: Adoption = {},
): string {
  const swarm = new ModelSwarm();
  swarm.addNetwork('shop_default', { Labels: stack });
  more.prepare?.(swarm);
  for (const spec of standing) swarm.addService(spec);
  const project = makeProject(services, more.rest);
  const plan = planSwarmDeploy(makeSwarmDesired(project, more.sketch), swarm.observe());
  swarm.apply(plan);
  expect(printPlan(planSwarmDeploy(makeSwarmDesired(project, more.sketch), swarm.observe()))).toBe('nothing to do\n');
  return printPlan(plan);
}

interface Adoption {
  readonly prepare?: (swarm: ModelSwarm) => void;
  readonly rest?: Parameters<typeof makeProject>[1];
  readonly sketch?: SwarmSketch;
}

const nothing = 'nothing to do\n';

describe('what docker stack deploy made stands as it should', () => {
  test('the smallest service', () => {
    expect(planFor([stackService('web')], { web: {} })).toBe(nothing);
  });

  test('a service with all sorts of settings', () => {
    const web: ServiceSketch = {
      command: ['serve'],
      entrypoint: ['/bin/entry'],
      environment: { B: '2', A: '1' },
      hostname: '{{.Node.Hostname}}-{{.Task.Slot}}',
      user: '1000',
      working_dir: '/srv',
      cap_add: ['NET_ADMIN'],
      extra_hosts: ['other=10.0.0.9'],
      dns: ['10.0.0.53'],
      stop_grace_period: '30s',
      healthcheck: { test: ['CMD', 'true'], interval: '10s', retries: 3 },
      ulimits: { nofile: { soft: 1000, hard: 2000 } },
      labels: { team: 'shop' },
      restart: 'unless-stopped',
      logging: { driver: 'local', options: { 'max-size': '1m' } },
      ports: [
        { target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' },
        { target: 81, published: '8081', protocol: 'tcp', mode: 'host' },
      ],
      volumes: [
        { type: 'volume', source: 'data', target: '/data', volume: {} },
        { type: 'bind', source: '/srv/x', target: '/x', read_only: true, bind: { create_host_path: true } },
        { type: 'tmpfs', target: '/t', tmpfs: { size: '1024' } },
      ],
      deploy: {
        mode: 'replicated',
        replicas: 2,
        labels: { tier: 'front' },
        update_config: { parallelism: 2, delay: '10s', failure_action: 'rollback', order: 'start-first' },
        rollback_config: { parallelism: 1 },
        resources: {
          limits: { cpus: 0.3, memory: '67108864', pids: 10 },
          reservations: { cpus: 0.1, memory: '33554432' },
        },
        placement: {
          constraints: ['node.role == worker'],
          preferences: [{ spread: 'node.labels.zone' }],
          max_replicas_per_node: 2,
        },
      },
    };
    const spec = stackService(
      'web',
      {
        Labels: { ...stack, tier: 'front', 'com.docker.stack.image': 'app:1' },
        Mode: { Replicated: { Replicas: 2 } },
        UpdateConfig: {
          Parallelism: 2,
          Delay: 10e9,
          FailureAction: 'rollback',
          Monitor: 5e9,
          MaxFailureRatio: 0,
          Order: 'stop-first',
        },
        RollbackConfig: {
          Parallelism: 1,
          FailureAction: 'pause',
          Monitor: 5e9,
          MaxFailureRatio: 0,
          Order: 'stop-first',
        },
        EndpointSpec: {
          Mode: 'vip',
          Ports: [
            { Protocol: 'tcp', TargetPort: 81, PublishedPort: 8081, PublishMode: 'host' },
            { Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' },
          ],
        },
      },
      {
        Command: ['/bin/entry'],
        Args: ['serve'],
        Env: ['A=1', 'B=2'],
        Hostname: '{{.Node.Hostname}}-{{.Task.Slot}}',
        User: '1000',
        Dir: '/srv',
        CapabilityAdd: ['CAP_NET_ADMIN'],
        Hosts: ['10.0.0.9 other'],
        DNSConfig: { Nameservers: ['10.0.0.53'] },
        StopGracePeriod: 30e9,
        Healthcheck: { Test: ['CMD', 'true'], Interval: 10e9, Retries: 3 },
        Ulimits: [{ Name: 'nofile', Soft: 1000, Hard: 2000 }],
        Labels: { ...stack, team: 'shop' },
        Mounts: [
          { Type: 'volume', Source: 'shop_data', Target: '/data', VolumeOptions: { Labels: stack } },
          { Type: 'bind', Source: '/srv/x', Target: '/x', ReadOnly: true, BindOptions: { Propagation: 'rprivate' } },
          { Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 1024 } },
        ],
      },
      {
        RestartPolicy: { Condition: 'any', MaxAttempts: 0 },
        LogDriver: { Name: 'local', Options: { 'max-size': '1m' } },
        Resources: {
          Limits: { NanoCPUs: 300_000_000, MemoryBytes: 67_108_864, Pids: 10 },
          Reservations: { NanoCPUs: 100_000_000, MemoryBytes: 33_554_432 },
        },
        Placement: {
          Constraints: ['node.role==worker'],
          Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.zone' } }],
          MaxReplicas: 2,
          Platforms: [{ Architecture: 'amd64', OS: 'linux' }],
        },
      },
    );
    const rest = { volumes: { data: { name: 'shop_data' } } };
    expect(planFor([spec], { web }, { rest })).toBe(nothing);
  });

  test('secrets and configs under their own names', () => {
    const web: ServiceSketch = {
      secrets: [{ source: 'password' }],
      configs: [{ source: 'settings', target: '/etc/s' }],
    };
    const rest = {
      secrets: { password: { name: 'shop_password', file: '/x' } },
      configs: { settings: { name: 'shop_settings', file: '/y' } },
    };
    const sketch = { secrets: { password: 'p' }, configs: { settings: 's' } };
    const file = (Name: string, object: string) => ({
      File: { Name, UID: '0', GID: '0', Mode: 0o444 },
      ...named(object),
    });
    const named = (name: string) => (name.includes('password') ? { SecretName: name } : { ConfigName: name });
    const spec = stackService(
      'web',
      {},
      { Secrets: [file('password', 'shop_password')], Configs: [file('/etc/s', 'shop_settings')] },
    );
    const prepare = (swarm: ModelSwarm) => {
      swarm.addSecret({ Name: 'shop_password', Labels: stack });
      swarm.addConfig({ Name: 'shop_settings', Labels: stack, Data: btoa('s') });
    };
    expect(planFor([spec], { web }, { rest, sketch, prepare })).toBe(nothing);
    const changed = {
      secrets: { password: 'q' },
      configs: { settings: 't' },
      adoptedSecrets: new Map([['password', 'v-p']]),
    };
    expect(planFor([spec], { web }, { rest, sketch: changed, prepare })).toMatchInlineSnapshot(`
      "[1] secret-create shop_password-3c677688c45b — secret password changed
      [2] config-create shop_settings-00b55af17b62 — config settings changed
      [3] service-update shop_web — secret password changed; config /etc/s changed (after 1, 2)
      [4] service-wait running shop_web — its tasks must run (after 3)
      [5] secret-remove shop_password — nothing names it any more (after 4)
      [6] config-remove shop_settings — nothing names it any more (after 4)
      "
    `);
  });

  test('its own objects again, once docker stack deploy was run over what Drover made', () => {
    const web: ServiceSketch = { secrets: [{ source: 'password' }] };
    const rest = { secrets: { password: { name: 'shop_password', file: '/x' } } };
    const project = makeProject({ web }, rest);
    const desired = makeSwarmDesired(project, { secrets: { password: 'p' } });
    const swarm = new ModelSwarm();
    swarm.apply(planSwarmDeploy(desired, swarm.observe()));
    swarm.addSecret({ Name: 'shop_password', Labels: stack });
    swarm.services.clear();
    const File = { Name: 'password', UID: '0', GID: '0', Mode: 0o444 };
    swarm.addService(stackService('web', {}, { Secrets: [{ File, SecretName: 'shop_password' }] }));
    expect(printPlan(planSwarmDeploy(desired, swarm.observe()))).toMatchInlineSnapshot(`
      "[1] secret-remove shop_password-72912d4920ca — nothing names it any more
      "
    `);
  });

  test('a global service and a job', () => {
    const placed = (mode: string) => ({ deploy: { mode, resources: {}, placement: {} } });
    const standing = [
      stackService('agent', { Mode: { Global: {} } }),
      stackService('seed', { Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } } }),
    ];
    expect(planFor(standing, { agent: placed('global'), seed: placed('replicated-job') })).toBe(nothing);
  });

  test('an update that leaves the tasks alone sends their template as it stands', () => {
    const swarm = new ModelSwarm();
    swarm.addNetwork('shop_default', { Labels: stack });
    swarm.addService(stackService('web'));
    const [standing] = swarm.services.values();
    const project = makeProject({ web: { scale: 4 } });
    const { operations } = planSwarmDeploy(makeSwarmDesired(project), swarm.observe());
    const update = operations.find(({ kind }) => kind === 'service-update');
    expect(update).toMatchObject({
      spec: { Mode: { Replicated: { Replicas: 4 } }, UpdateConfig: { FailureAction: 'pause' } },
    });
    expect(update?.kind === 'service-update' && update.spec.TaskTemplate).toEqual(standing?.Spec.TaskTemplate);
    expect(update?.kind === 'service-update' && update.spec.EndpointSpec).toEqual(standing?.Spec.EndpointSpec);
  });

  test('only what docker stack deploy gets wrong is changed', () => {
    expect(planFor([stackService('web')], { web: { restart: 'no', container_name: 'front' } })).toMatchInlineSnapshot(`
      "[1] service-update shop_web — restart policy changed: any → none; network shop_default changed
      [2] service-wait running shop_web — its tasks must run (after 1)
      "
    `);
  });
});
