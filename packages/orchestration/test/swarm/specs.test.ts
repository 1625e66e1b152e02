import { describe, expect, test } from 'vitest';
import type { SwarmFacts } from '../../src/model/swarm/desired.ts';
import type { ServiceSpec } from '../../src/model/swarm/service-spec.ts';
import { planSwarmDeploy } from '../../src/plan/swarm/deploy.ts';
import { templateText } from '../../src/plan/swarm/spec/template-text.ts';
import { makeProject, type ServiceSketch } from '../make-project.ts';
import { makeSwarmDesired, type SwarmSketch } from './make-swarm-desired.ts';
import { ModelSwarm } from './model-swarm.ts';

/** What a manager is asked to create, by service. */
function specsOf(
  services: Record<string, ServiceSketch>,
  rest: Parameters<typeof makeProject>[1] = {},
  sketch: SwarmSketch = {},
): Record<string, ServiceSpec> {
  const { operations } = planSwarmDeploy(
    makeSwarmDesired(makeProject(services, rest), sketch),
    new ModelSwarm().observe(),
  );
  return Object.fromEntries(
    operations.flatMap((each) => (each.kind === 'service-create' ? [[each.service ?? '', each.spec]] : [])),
  );
}

function specOf(sketch: ServiceSketch, facts: Partial<SwarmFacts> = {}, more: SwarmSketch = {}): ServiceSpec {
  return specsOf({ web: sketch }, {}, { facts, ...more }).web as ServiceSpec;
}

const health = { healthcheck: { test: ['CMD', 'true'] } };
const deploy = (more: object) => ({ deploy: { resources: {}, placement: {}, ...more } });

test('the smallest service', () => {
  expect(specOf({})).toMatchInlineSnapshot(`
    {
      "EndpointSpec": {},
      "Labels": {
        "com.docker.stack.image": "app:1",
        "com.docker.stack.namespace": "shop",
        "io.drover.revision": "1",
      },
      "Mode": {
        "Replicated": {
          "Replicas": 1,
        },
      },
      "Name": "shop_web",
      "TaskTemplate": {
        "ContainerSpec": {
          "Image": "app:1@sha256:6170703a31000000000000000000000000000000000000000000000000000000",
          "Labels": {
            "com.docker.stack.namespace": "shop",
          },
        },
        "Networks": [
          {
            "Aliases": [
              "web",
            ],
            "Target": "shop_default",
          },
        ],
      },
      "UpdateConfig": {
        "FailureAction": "pause",
        "Order": "stop-first",
        "Parallelism": 0,
      },
    }
  `);
});

test('a service with secrets, mounts, ports and limits', () => {
  const web: ServiceSketch = {
    ...health,
    scale: 2,
    environment: { LOG_FORMAT: '{{.Status}}', WHO: '{{.Task.Slot}}', GONE: null },
    secrets: [{ source: 'password', target: '/run/secrets/password' }],
    volumes: [{ type: 'volume', source: 'data', target: '/data' }],
    tmpfs: ['/scratch:size=1m,mode=700,noexec,ro'],
    shm_size: '67108864',
    ports: [
      { target: 80, published: '8080', protocol: 'tcp', mode: 'ingress' },
      { target: 53, protocol: 'udp', mode: 'host' },
    ],
    ...deploy({ resources: { limits: { cpus: 0.5, memory: '67108864' } } }),
  };
  const rest = {
    volumes: { data: { name: 'shop_data', driver: 'local', driver_opts: { o: 'x' } } },
    secrets: { password: { name: 'shop_password', environment: 'P' } },
  };
  expect(specsOf({ web }, rest, { secrets: { password: 'x' } }).web).toMatchInlineSnapshot(`
    {
      "EndpointSpec": {
        "Ports": [
          {
            "Protocol": "udp",
            "PublishMode": "host",
            "TargetPort": 53,
          },
          {
            "Protocol": "tcp",
            "PublishMode": "ingress",
            "PublishedPort": 8080,
            "TargetPort": 80,
          },
        ],
      },
      "Labels": {
        "com.docker.stack.image": "app:1",
        "com.docker.stack.namespace": "shop",
        "io.drover.revision": "1",
      },
      "Mode": {
        "Replicated": {
          "Replicas": 2,
        },
      },
      "Name": "shop_web",
      "TaskTemplate": {
        "ContainerSpec": {
          "Env": [
            "GONE",
            "LOG_FORMAT={{"{{"}}.Status}}",
            "WHO={{.Task.Slot}}",
          ],
          "Healthcheck": {
            "Interval": 0,
            "Retries": 0,
            "StartInterval": 0,
            "StartPeriod": 0,
            "Test": [
              "CMD",
              "true",
            ],
            "Timeout": 0,
          },
          "Image": "app:1@sha256:6170703a31000000000000000000000000000000000000000000000000000000",
          "Labels": {
            "com.docker.stack.namespace": "shop",
          },
          "Mounts": [
            {
              "Source": "shop_data",
              "Target": "/data",
              "Type": "volume",
              "VolumeOptions": {
                "DriverConfig": {
                  "Name": "local",
                  "Options": {
                    "o": "x",
                  },
                },
                "Labels": {
                  "com.docker.stack.namespace": "shop",
                },
              },
            },
            {
              "Target": "/dev/shm",
              "TmpfsOptions": {
                "SizeBytes": 67108864,
              },
              "Type": "tmpfs",
            },
            {
              "ReadOnly": true,
              "Target": "/scratch",
              "TmpfsOptions": {
                "Mode": 448,
                "Options": [
                  [
                    "noexec",
                  ],
                ],
                "SizeBytes": 1048576,
              },
              "Type": "tmpfs",
            },
          ],
          "Secrets": [
            {
              "File": {
                "GID": "0",
                "Mode": 292,
                "Name": "password",
                "UID": "0",
              },
              "SecretName": "shop_password-6353e0ca632a",
            },
          ],
        },
        "Networks": [
          {
            "Aliases": [
              "web",
            ],
            "Target": "shop_default",
          },
        ],
        "Resources": {
          "Limits": {
            "MemoryBytes": 67108864,
            "NanoCPUs": 500000000,
            "Pids": 0,
          },
        },
      },
      "UpdateConfig": {
        "FailureAction": "pause",
        "Order": "stop-first",
        "Parallelism": 0,
      },
    }
  `);
});

describe('what Compose means', () => {
  test.each([
    ['no', 'none'],
    ['always', 'any'],
    ['unless-stopped', 'any'],
    ['on-failure:3', 'on-failure'],
  ])('restart: %s', (restart, Condition) => {
    expect(specOf({ restart }).TaskTemplate?.RestartPolicy).toMatchObject({ Condition });
  });

  test('a job runs once where nothing else is said, and is never restarted for having done its work', () => {
    const awaits = { depends_on: { job: { condition: 'service_completed_successfully' as const, required: true } } };
    expect(specsOf({ job: {}, web: awaits }).job).toMatchObject({
      Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
      TaskTemplate: { RestartPolicy: { Condition: 'none' } },
    });
    const restarted = specsOf({ job: { restart: 'always' }, web: awaits }).job;
    expect(restarted?.TaskTemplate?.RestartPolicy).toEqual({ Condition: 'on-failure' });
    expect(restarted).not.toHaveProperty('UpdateConfig');
  });

  test('new tasks come first where both can stand side by side', () => {
    const order = (sketch: ServiceSketch): unknown => specOf(sketch).UpdateConfig?.Order;
    const port = (mode: string) => ({ ports: [{ target: 80, published: '80', protocol: 'tcp', mode }] });
    expect(order({})).toBe('stop-first');
    expect(order(health)).toBe('start-first');
    expect(order({ ...health, ...port('ingress') })).toBe('start-first');
    expect(order({ ...health, ...port('host') })).toBe('stop-first');
    expect(order({ ...port('host'), ...deploy({ update_config: { order: 'start-first' } }) })).toBe('stop-first');
    expect(order({ ...deploy({ update_config: { order: 'start-first' } }) })).toBe('start-first');
    expect(order({ ...health, ...deploy({ update_config: { order: 'stop-first' } }) })).toBe('stop-first');
  });

  test('all tasks at once, or as many as update_config says; a failure always pauses', () => {
    expect(specOf({}).UpdateConfig).toMatchObject({ Parallelism: 0, FailureAction: 'pause' });
    const own = specOf(deploy({ update_config: { delay: '5s', failure_action: 'rollback' } })).UpdateConfig;
    expect(own).toMatchObject({ Parallelism: 1, Delay: 5e9, FailureAction: 'pause' });
  });

  test('names of a service on its networks', () => {
    const specs = specsOf({
      db: { container_name: 'shop-db', networks: { default: { aliases: ['store'] } } },
      web: { links: ['db:database', 'db'] },
    });
    expect(specs.db?.TaskTemplate?.Networks).toEqual([
      { Target: 'shop_default', Aliases: ['store', 'db', 'shop-db', 'database'] },
    ]);
  });

  test('network_mode', () => {
    const networks = (network_mode: string): unknown => specOf({ network_mode }).TaskTemplate?.Networks;
    expect(networks('host')).toEqual([{ Target: 'host' }]);
    expect(networks('none')).toEqual([{ Target: 'shop_web_none' }]);
  });

  test('security options', () => {
    const security_opt = [
      'no-new-privileges:true',
      'seccomp=unconfined',
      'apparmor:unconfined',
      'label:user:me',
      'label=disable',
    ];
    expect(specOf({ security_opt }).TaskTemplate?.ContainerSpec?.Privileges).toEqual({
      NoNewPrivileges: true,
      Seccomp: { Mode: 'unconfined' },
      AppArmor: { Mode: 'disabled' },
      SELinuxContext: { User: 'me', Disable: true },
    });
  });

  test('platforms: the file’s own, else those of the image; kinds of 32-bit ARM are one', () => {
    const platforms = (sketch: ServiceSketch): unknown =>
      specOf(sketch, {}, { images: { web: { platforms: [{ OS: 'linux', Architecture: 'amd64' }] } } }).TaskTemplate
        ?.Placement;
    expect(platforms({})).toEqual({ Platforms: [{ OS: 'linux', Architecture: 'amd64' }] });
    expect(platforms({ platform: 'linux/arm64/v8' })).toEqual({ Platforms: [{ OS: 'linux', Architecture: 'arm64' }] });
    expect(platforms({ platform: 'linux/arm/v7' })).toEqual({ Platforms: [{ OS: 'linux', Architecture: '' }] });
  });

  test('on Windows, isolation and the account of a config', () => {
    const web = { isolation: 'hyperv', credential_spec: { config: 'account' } };
    const rest = { configs: { account: { name: 'shop_account', content: '{}' } } };
    const spec = specsOf({ web }, rest, { facts: { os: 'windows' }, configs: { account: '{}' } }).web;
    const { ConfigName } = spec?.TaskTemplate?.ContainerSpec?.Configs?.[0] ?? {};
    expect(spec?.TaskTemplate?.ContainerSpec).toMatchObject({
      Isolation: 'hyperv',
      Configs: [{ Runtime: {} }],
      Privileges: { CredentialSpec: { Config: ConfigName } },
    });
  });

  test('swap is what is left of memory and swap together', () => {
    const swap = (memswap_limit: string): unknown =>
      specOf({ mem_limit: '100', memswap_limit }, { managerApi: '1.52' }).TaskTemplate?.Resources?.SwapBytes;
    expect([swap('300'), swap('100'), swap('-1')]).toEqual([200, 0, -1]);
  });
});

test.each([
  ['plain', 'plain'],
  ['{{.Task.Slot}}', '{{.Task.Slot}}'],
  ['{{ .Node.Hostname }}-{{json .}}', '{{ .Node.Hostname }}-{{"{{"}}json .}}'],
  ['{{index .Service.Labels "a.b"}}', '{{index .Service.Labels "a.b"}}'],
  ['{{.Task.Env}}', '{{"{{"}}.Task.Env}}'],
])('a text that Swarm reads as a template: %s', (text, sent) => {
  expect(templateText(text)).toBe(sent);
});
