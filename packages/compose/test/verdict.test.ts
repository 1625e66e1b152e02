import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeSchema } from '../src/generated/compose-schema.ts';
import {
  type FieldVerdict,
  fieldNames,
  type HostFacts,
  judge,
  type Project,
  parseHostFacts,
  type Target,
  verdictDiagnostics,
} from '../src/index.ts';
import type { JsonSchema } from '../src/schema/json-schema.ts';
import { referencePage } from '../src/verdict/reference-page.ts';
import type { Rule, RuleNode, RuleTree } from '../src/verdict/rule.ts';
import { fileKeys, sections, table } from '../src/verdict/table/table.ts';
import type { Judgement } from '../src/verdict/verdict.ts';
import { loaded, loadFiles } from './support.ts';

/** One line a field that is not simply honoured. */
async function verdicts(text: string, target: Target, facts: HostFacts = {}): Promise<string[]> {
  const { project, provenance } = await loaded(text);
  return judge(project, provenance, target, facts)
    .fields.filter(({ verdict, reason }) => verdict !== 'honoured' || reason !== undefined)
    .map(({ field, verdict, origin }) => `${origin?.line}:${origin?.column} ${verdict} ${field}`);
}

/** The keys of the schema as the table has them: below lists and names without their places. */
function schemaKeys(): string[] {
  const found = new Set<string>();
  const resolve = (schema: JsonSchema): JsonSchema => {
    const reference = (schema as { $ref?: string }).$ref;
    if (reference === undefined) return schema;
    const steps = reference.slice(2).split('/');
    return resolve(
      steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], composeSchema) as JsonSchema,
    );
  };
  const walk = (unresolved: JsonSchema, path: string, above: readonly JsonSchema[]): void => {
    const schema = resolve(unresolved);
    if (typeof schema !== 'object' || above.includes(schema)) return;
    const seen = [...above, schema];
    for (const each of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) walk(each, path, seen);
    if (schema.items !== undefined) walk(schema.items, path, seen);
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      const name = path === '' ? key : `${path}.${key}`;
      found.add(name);
      walk(inner, name, seen);
    }
    for (const [pattern, inner] of Object.entries(schema.patternProperties ?? {}))
      if (pattern !== '^x-') walk(inner, path, seen);
    if (typeof schema.additionalProperties === 'object') walk(schema.additionalProperties, path, seen);
  };
  walk(composeSchema, '', []);
  return [...found];
}

describe('the table', () => {
  test('has a rule for every key of the schema, its own or that of what is around it', () => {
    const missing = schemaKeys().filter((key) => {
      const [section = '', ...rest] = key.split('.');
      if (Object.hasOwn(fileKeys, section)) return false;
      // The old long form `external: {name}` is a name of its own once it is loaded.
      if (key.endsWith('.external.name')) return false;
      let rules: RuleTree | undefined = table[section as keyof typeof table].rules;
      for (const part of rest) {
        const node: RuleNode | undefined = rules?.[part];
        if (node === undefined) return true;
        if (node.each === undefined && node.fields === undefined) return false;
        rules = node.each ?? node.fields;
      }
      return false;
    });
    expect(missing).toEqual([]);
    expect(schemaKeys().length).toBeGreaterThan(300);
  });

  test('tells how, why and what instead, for both targets', () => {
    const judgements: Judgement[] = [];
    const late: string[] = [];
    const collect = (rule: Rule): void => {
      if (!('cases' in rule)) {
        judgements.push(rule);
        return;
      }
      judgements.push(...rule.cases.map(({ judgement }) => judgement), rule.otherwise);
      const follows = rule.cases.findIndex(({ when }) => when === 'of a pinned container');
      const pins = [...rule.cases.map(({ judgement }) => judgement), rule.otherwise].findLastIndex(
        (judgement) => 'pins' in judgement,
      );
      if (follows !== -1 && pins > follows) late.push(JSON.stringify(rule));
    };
    const walk = (rules: RuleTree): void => {
      for (const [key, node] of Object.entries(rules)) {
        const own = [node.engine, node.swarm].filter((rule) => rule !== undefined);
        const inner = node.fields ?? node.each;
        expect(own.length === 2 || (own.length === 0 && inner !== undefined), key).toBe(true);
        for (const rule of own) collect(rule as Rule);
        if (inner !== undefined) walk(inner);
      }
    };
    for (const section of sections) walk(table[section].rules);
    // The case that pins a service must hold before what then follows from it, or its reason would be lost.
    expect(late).toEqual([]);
    for (const judgement of judgements) {
      if (judgement.verdict === 'honoured') continue;
      expect(judgement.reason).toMatch(/^(?!\s).{10,}[^.\s]$/);
      if (judgement.verdict === 'refused') expect(judgement.instead).toMatch(/^(?!\s).{8,}[^.\s]$/);
    }
    expect(judgements.length).toBeGreaterThan(300);
  });

  test('refuses on one engine what docker compose runs, and nothing else that it takes', () => {
    const refusedAlways = fieldNames().filter((name) => {
      const [noun, ...path] = name.split('.');
      const section = sections.find((each) => table[each].noun === noun);
      let node: RuleNode | undefined = { fields: table[section ?? 'services'].rules };
      for (const part of path) node = (node?.fields ?? node?.each)?.[part];
      const rule = node?.engine as Rule | undefined;
      return rule !== undefined && !('cases' in rule) && rule.verdict === 'refused';
    });
    expect(refusedAlways).toEqual([
      'service.pre_start.per_replica',
      'service.use_api_socket',
      'service.provider',
      'service.models',
      'secret.external',
      'secret.driver',
      'secret.driver_opts',
      'secret.template_driver',
      'config.external',
      'config.driver',
      'config.driver_opts',
      'config.template_driver',
    ]);
  });
});

describe('one engine', () => {
  test('with the place of each field', async () => {
    expect(
      await verdicts(
        `services:
  a:
    image: a
    use_api_socket: true
    attach: false
    ports:
      - target: 80
        app_protocol: http
    deploy:
      mode: global
      endpoint_mode: vip
      placement:
        constraints: [node.role == manager]
      update_config: {parallelism: 2, delay: 5s}
      resources: {reservations: {cpus: "1", memory: 1m}}
secrets:
  s: {external: true}
`,
        'engine',
      ),
    ).toMatchInlineSnapshot(`
      [
        "5:13 ignored service.attach",
        "10:13 ignored service.deploy.mode",
        "14:46 honoured service.deploy.update_config.delay",
        "15:41 ignored service.deploy.resources.reservations.cpus",
        "13:22 ignored service.deploy.placement.constraints",
        "11:22 ignored service.deploy.endpoint_mode",
        "7:9 honoured service.ports.mode",
        "8:23 ignored service.ports.app_protocol",
        "4:21 refused service.use_api_socket",
        "17:17 refused secret.external",
      ]
    `);
  });

  test('keys that the loader puts into others are judged where they are written, and only there', async () => {
    const result = await loadFiles({
      'c.yaml': 'services:\n  a: {image: a, env_file: a.env}\n  b:\n    image: b\n    pull_refresh_after: 1h\n',
      'a.env': 'A=b\n',
    });
    if (!result.ok) throw new Error('it did not load');
    const report = judge(result.project, result.provenance, 'engine');
    expect(
      report.fields.map(({ path, verdict, origin }) => `${path.slice(1).join('.')} ${verdict} ${origin?.line}`),
    ).toEqual([
      'a.image honoured 2',
      'a.networks honoured 2',
      'a.environment honoured 2',
      'a.env_file honoured 2',
      'b.image honoured 4',
      'b.networks honoured 3',
      'b.pull_refresh_after ignored 5',
      'default.name honoured undefined',
    ]);
  });

  test.each<[string, string, HostFacts, string]>([
    [
      'healthcheck: {test: [CMD, a], start_interval: 1s}',
      'healthcheck.start_interval',
      { apiVersion: '1.43' },
      'refused',
    ],
    [
      'healthcheck: {test: [CMD, a], start_interval: 1s}',
      'healthcheck.start_interval',
      { apiVersion: '1.44' },
      'honoured',
    ],
    ['annotations: {a: b}', 'annotations', { apiVersion: '1.42' }, 'ignored'],
    ['volumes: [{type: image, source: i, target: /i}]', 'volumes.type', { apiVersion: '1.47' }, 'refused'],
    ['volumes: [{type: image, source: i, target: /i}]', 'volumes.type', {}, 'honoured'],
    ['volumes: [{type: cluster, source: i, target: /i}]', 'volumes.type', {}, 'refused'],
    [
      'volumes: [{type: bind, source: /i, target: /i, bind: {recursive: readonly}}]',
      'volumes.bind.recursive',
      { apiVersion: '1.43' },
      'refused',
    ],
    ['credential_spec: {file: a.json}', 'credential_spec', {}, 'ignored'],
    ['pre_start: [{command: [a], per_replica: true}]', 'pre_start.per_replica', {}, 'refused'],
    ['isolation: default', 'isolation', {}, 'honoured'],
    ['isolation: hyperv', 'isolation', {}, 'refused'],
    ['oom_kill_disable: true', 'oom_kill_disable', { cgroupVersion: 2 }, 'ignored'],
    ['oom_kill_disable: true', 'oom_kill_disable', {}, 'honoured'],
    ['cpu_rt_runtime: 10', 'cpu_rt_runtime', { cgroupVersion: 2 }, 'refused'],
    ['build: {context: /a, sbom: true}', 'build.sbom', { buildx: false }, 'refused'],
    ['build: {context: /a, ssh: [default]}', 'build.ssh', {}, 'refused'],
    ['build: {context: /a, ssh: ["default=/k"]}', 'build.ssh', {}, 'honoured'],
    ['build: {context: /a, cache_to: ["type=local,dest=/c"]}', 'build.cache_to', {}, 'refused'],
    ['build: {context: /a, cache_from: ["type=registry,ref=c"]}', 'build.cache_from', {}, 'honoured'],
    ['build: {context: /a, sbom: true}', 'build.sbom', {}, 'honoured'],
    ['runtime: nvidia', 'runtime', { runtimes: ['runc'] }, 'refused'],
    ['pre_start: [{command: [a]}]', 'pre_start', {}, 'honoured'],
    ['volumes_from: ["container:x"]', 'volumes_from', {}, 'honoured'],
  ])('%s: %s with %j is %s', async (line, field, facts, verdict) => {
    const { project, provenance } = await loaded(`services:\n  a:\n    image: a\n    ${line}\n`);
    const found = judge(project, provenance, 'engine', facts).fields.find((each) => each.field === `service.${field}`);
    expect(found?.verdict).toBe(verdict);
  });
});

describe('a Swarm', () => {
  const service = (lines: string): string => `services:\n  a:\n    image: a\n${lines}`;

  test('a service that Swarm cannot run as tasks is pinned as a whole', async () => {
    const file = `${service(`    privileged: true
    cpu_shares: 512
    hostname: h
    secrets: [s, e]
    ports: ["80:80"]
    deploy: {mode: global, update_config: {order: stop-first}}
`)}secrets:
  s: {environment: S}
  e: {external: true}
`;
    expect(await verdicts(file, 'swarm')).toMatchInlineSnapshot(`
      [
        "9:20 emulated service.deploy.mode",
        "9:51 emulated service.deploy.update_config.order",
        "3:12 honoured service.image",
        "8:14 emulated service.ports.mode",
        "4:17 emulated service.privileged",
        "7:15 emulated service.secrets.source",
        "7:18 refused service.secrets.source",
      ]
    `);
  });

  test('without privileges the same keys are those of tasks', async () => {
    expect(
      await verdicts(
        service('    cpu_shares: 512\n    ports: ["80:80", "81-82:81-82"]\n    deploy: {mode: global}\n'),
        'swarm',
      ),
    ).toMatchInlineSnapshot(`
      [
        "4:17 refused service.cpu_shares",
        "3:12 honoured service.image",
      ]
    `);
  });

  test.each<[string, string, HostFacts, string]>([
    ['entrypoint: []', 'entrypoint', {}, 'refused'],
    ['entrypoint: [a]', 'entrypoint', {}, 'honoured'],
    ['networks: {default: {ipv4_address: 10.0.0.5}}', 'networks.ipv4_address', {}, 'refused'],
    ['ports: ["80:80"]', 'ports.mode', {}, 'honoured'],
    ['ports: ["80:80"]', 'ports.mode', { ipvs: false }, 'emulated'],
    ['ports: [{target: 80, published: "80", mode: host}]', 'ports.mode', { ipvs: false }, 'honoured'],
    ['ports: ["127.0.0.1:80:80"]', 'ports.host_ip', {}, 'refused'],
    ['deploy: {endpoint_mode: vip}', 'deploy.endpoint_mode', { ipvs: false }, 'emulated'],
    ['deploy: {endpoint_mode: vip}', 'deploy.endpoint_mode', {}, 'honoured'],
    ['{deploy: {endpoint_mode: dnsrr}, ports: ["80:80"]}', 'deploy.endpoint_mode', {}, 'refused'],
    [
      'deploy: {mode: replicated-job, update_config: {parallelism: 1}}',
      'deploy.update_config.parallelism',
      {},
      'refused',
    ],
    [
      'deploy: {restart_policy: {window: 5s}, placement: {max_replicas_per_node: 1}}',
      'deploy.restart_policy.window',
      {},
      'honoured',
    ],
    ['network_mode: none', 'network_mode', {}, 'emulated'],
    ['network_mode: host', 'network_mode', {}, 'honoured'],
    ['oom_score_adj: 5', 'oom_score_adj', { apiVersion: '1.45' }, 'refused'],
    ['mem_swappiness: 5', 'mem_swappiness', { apiVersion: '1.51' }, 'refused'],
    ['security_opt: [no-new-privileges]', 'security_opt', {}, 'honoured'],
    ['security_opt: ["seccomp=p.json"]', 'security_opt', {}, 'emulated'],
    ['devices: [/dev/fuse]', 'devices', {}, 'emulated'],
    ['gpus: all', 'gpus', {}, 'emulated'],
    ['volumes: [{type: image, source: i, target: /i}]', 'volumes.type', {}, 'emulated'],
    ['volumes: [{type: bind, source: /i, target: /i, bind: {selinux: z}}]', 'volumes.bind.selinux', {}, 'refused'],
    ['volumes: ["/srv/data:/data"]', 'volumes.bind.create_host_path', {}, 'ignored'],
    ['{privileged: true, volumes: ["/srv/data:/data"]}', 'volumes.bind.create_host_path', {}, 'honoured'],
    ['post_start: [{command: a}]', 'post_start', {}, 'emulated'],
    ['container_name: xy', 'container_name', {}, 'emulated'],
    ['pre_start: [{command: [a], privileged: true}]', 'pre_start.privileged', {}, 'emulated'],
    ['credential_spec: {file: a.json}', 'credential_spec', { os: 'windows' }, 'honoured'],
    ['credential_spec: {file: a.json}', 'credential_spec', {}, 'ignored'],
    ['stop_grace_period: 5s', 'stop_grace_period', {}, 'honoured'],
  ])('%s: %s with %j is %s', async (line, field, facts, verdict) => {
    const lines = line.startsWith('{') ? `<<: ${line}` : line;
    const { project, provenance } = await loaded(`services:\n  a:\n    image: a\n    ${lines}\n`);
    const found = judge(project, provenance, 'swarm', facts).fields.find((each) => each.field === `service.${field}`);
    expect(found?.verdict).toBe(verdict);
  });

  test('a volume of one host pins the tasks; a shared one, or a single host, does not', async () => {
    const file = (driver: string): string =>
      `services: {a: {image: a, volumes: ["data:/v"]}}\nvolumes: {data: {driver: ${driver}}}\n`;
    const typeOf = async (driver: string, facts: HostFacts): Promise<string | undefined> => {
      const { project } = await loaded(file(driver));
      return judge(project, undefined, 'swarm', facts).fields.find(({ field }) => field === 'service.volumes.type')
        ?.verdict;
    };
    expect(await typeOf('local', {})).toBe('emulated');
    expect(await typeOf('local', { hosts: 1 })).toBe('honoured');
    expect(await typeOf('rexray', {})).toBe('honoured');
  });
});

test('findings: an error for what is refused, a warning for what is ignored', async () => {
  const { project, provenance } = await loaded(
    'services:\n  a:\n    image: a\n    use_api_socket: true\n    deploy: {endpoint_mode: vip}\nsecrets: {s: {external: true}}\n',
  );
  const found = verdictDiagnostics(judge(project, provenance, 'engine'));
  expect(
    found.map(({ severity, message, origin }) => `${severity} ${origin?.line}: ${message}`),
  ).toMatchInlineSnapshot(`
    [
      "warning 5: deploy.endpoint_mode of a is ignored on one engine: a name leads straight to the containers of the service",
      "error 4: use_api_socket of a is refused on one engine: the socket of the engine would be open to the service, and with it the whole host; if that is what you want, bind /var/run/docker.sock in \`volumes\` by name",
      "error 6: external of the secret s is refused on one engine: one engine has no store for secrets and configs; give it a \`file\` or an \`environment\` variable",
    ]
  `);
});

test('host facts: every mistake in a sentence', () => {
  expect(parseHostFacts('{"apiVersion": "1.51", "ipvs": false, "runtimes": ["runc"]}')).toEqual({
    ok: true,
    facts: { apiVersion: '1.51', ipvs: false, runtimes: ['runc'] },
  });
  const mistakes = (text: string): unknown => {
    const parsed = parseHostFacts(text);
    return parsed.ok ? [] : parsed.mistakes;
  };
  expect(
    mistakes('{"apiVerson": "1.51", "os": "mac", "hosts": 0, "zzzz": 1, "cgroupVersion": "2"}'),
  ).toMatchInlineSnapshot(`
    [
      "there is no fact apiVerson; did you mean apiVersion?",
      "os must be "linux" or "windows"",
      "hosts must be a whole number from 1 on",
      "there is no fact zzzz; there are apiVersion, os, cgroupVersion, ipvs, buildx, swarm, hosts, runtimes",
      "cgroupVersion must be 1 or 2",
    ]
  `);
  expect(mistakes('[]')).toEqual(['it must be a JSON object, such as {"apiVersion": "1.51", "ipvs": true}']);
  expect(mistakes('{')).toEqual([expect.stringMatching(/^it is not JSON: /)]);
});

describe('every field that is used has exactly one verdict', () => {
  /** Values that the model holds, at their paths, without those that stand for nothing. */
  function* leaves(value: unknown, path: readonly (string | number)[]): Generator<readonly (string | number)[]> {
    if (value === undefined || value === null || value === '' || String(path.at(-1)).startsWith('x-')) return;
    if (typeof value !== 'object') return yield path;
    for (const [key, inner] of Object.entries(value))
      yield* leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  }

  function check(project: Project, fields: readonly FieldVerdict[]): void {
    const paths = new Set(fields.map(({ path }) => JSON.stringify(path)));
    expect(paths.size).toBe(fields.length);
    const known = new Set(fieldNames());
    for (const { field } of fields) expect(known.has(field), field).toBe(true);
    for (const section of sections)
      for (const path of leaves(project[section], [section])) {
        const covered = path.some((_, index) => paths.has(JSON.stringify(path.slice(0, index + 1))));
        expect(covered, path.join('.')).toBe(true);
      }
  }

  const lines = [
    'privileged: true',
    'cpuset: 0-1',
    'command: []',
    'ports: ["80:80", {target: 1, mode: host}]',
    'volumes: ["data:/v", "/b:/b:z", {type: tmpfs, target: /t, tmpfs: {size: 1m}}]',
    'networks: {n: {aliases: [x], priority: 3}}',
    'healthcheck: {test: a, interval: 1s}',
    'deploy: {replicas: 2, update_config: {order: start-first}, resources: {limits: {cpus: "1"}}, placement: {constraints: [a]}}',
    'depends_on: {z: {condition: service_healthy, restart: true}}',
    'build: {context: /x, args: {A: b}, secrets: [s]}',
    'secrets: [{source: s, uid: "1"}]',
    'environment: {A: b}',
    'blkio_config: {weight: 10, weight_device: [{path: /dev/a, weight: 5}]}',
    'ulimits: {nofile: {soft: 1, hard: 2}}',
    'develop: {watch: [{path: /a, action: sync, target: /a}]}',
    'post_start: [{command: a, user: root}]',
    'gpus: all',
    'x-own: {a: b}',
  ];

  test('in any order of keys, for both targets, and always in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(lines),
        fc.constantFrom<Target>('engine', 'swarm'),
        fc.record<HostFacts>({ apiVersion: fc.constantFrom('1.41', '1.51'), ipvs: fc.boolean() }, { requiredKeys: [] }),
        async (chosen, target, facts) => {
          const { project, provenance } = await loaded(
            `services:\n  z: {image: z}\n  a:\n    image: a\n${chosen.map((line) => `    ${line}\n`).join('')}networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\nvolumes: {data: {}}\nsecrets: {s: {environment: S}}\nconfigs: {c: {content: x}}\n`,
          );
          const report = judge(project, provenance, target, facts);
          check(project, report.fields);
          expect(judge(project, provenance, target, facts)).toEqual(report);
          const { honoured, emulated, ignored, refused } = report.counts;
          expect(honoured + emulated + ignored + refused).toBe(report.fields.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a thousand services take well under a second', async () => {
    const { project, provenance } = await loaded(
      `services:\n${Array.from({ length: 1000 }, (_, index) => `  s${index}: {image: a, privileged: true, ports: ["80"], deploy: {replicas: 2}}\n`).join('')}`,
    );
    const from = performance.now();
    expect(judge(project, provenance, 'swarm').fields.length).toBeGreaterThan(5000);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

describe('the reference page', () => {
  test('has a column for the tests that show it, where those are given', () => {
    const page = referencePage({ 'service.cap_add': 'test/fields/cap.real.test.ts' });
    expect(page).toContain(
      '| `cap_add` | **honoured** | **honoured** | [cap.real.test.ts](../test/fields/cap.real.test.ts) |',
    );
    expect(page).toContain('| `cap_drop` | **honoured** | **honoured** |  |');
  });
});
