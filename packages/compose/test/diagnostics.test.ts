import { expect, test } from 'vitest';
import { errorsOf, loadFiles } from './support.ts';

test.each([
  [
    'services:\n  web:\n    image: a\n    prots: [80]\n',
    'c.yaml:4:5 unknown-key: "prots" is no key of services.web; did you mean ports?',
  ],
  [
    'services:\n  web: {image: a, build: {contxt: .}}\n',
    'c.yaml:2:27 unknown-key: "contxt" is no key of services.web.build; did you mean context?',
  ],
  [
    'servcies: {}\n',
    'c.yaml:1:1 unknown-key: "servcies" is no key of the top of a Compose file; did you mean services?',
  ],
  ['services:\n  web: {image: [a]}\n', 'c.yaml:2:16 schema: services.web.image must be a string, not a list'],
  [
    'services:\n  web: {image: 2024-01-02}\n',
    'c.yaml:2:16 schema: services.web.image must be a string, not a date (quote it to make it a string)',
  ],
  [
    'services:\n  web: {image: a, ports: {a: b}}\n',
    'c.yaml:2:26 schema: services.web.ports must be a list, not a mapping',
  ],
  [
    'services:\n  web: {image: a, cpu_percent: 101}\n',
    'c.yaml:2:32 schema: services.web.cpu_percent must be at most 100',
  ],
  [
    'services:\n  web: {image: a, cgroup: mine}\n',
    'c.yaml:2:27 schema: services.web.cgroup must be one of host, private',
  ],
  ['services:\n  "a b": {image: a}\n', 'c.yaml:2:4 unknown-key: "a b" is no key of services'],
  [
    'services:\n  web: {image: a, mem_limit: lots}\n',
    'c.yaml:2:30 value: services.web.mem_limit: "lots" is not a size such as 512m',
  ],
  [
    'services:\n  web: {image: a, stop_grace_period: "5"}\n',
    'c.yaml:2:39 value: services.web.stop_grace_period: "5" is not a duration such as 1m30s',
  ],
  [
    'services:\n  web: {image: a, volumes: ["aa:bb:cc:dd"]}\n',
    'c.yaml:2:30 value: the mount "aa:bb:cc:dd" cannot be read: too many colons',
  ],
  ['services:\n  web: {image: a, privileged: maybe}\n', 'c.yaml:2:31 cast: "maybe" is not true or false'],
  [
    'services:\n  web: {image: a, networks: [n]}\n',
    'c.yaml:2:30 undefined-reference: the service web refers to the network n, which is not declared',
  ],
  [
    'services:\n  web: {image: a, depends_on: [db]}\n  db: {image: b, profiles: [x]}\n',
    'c.yaml:2:32 undefined-reference: the service web depends on db, which is active only with the profile x',
  ],
  [
    'services:\n  web: {image: "${"}\n',
    'c.yaml:2:17 interpolation: "${" begins no variable; write $$ for a dollar sign',
  ],
  ['- a\n', 'c.yaml:1:1 yaml: /app/c.yaml must hold a mapping, not a list'],
  ['a: [\n', 'c.yaml:2:1 yaml: this is not YAML: '],
  ['a: *b\n', 'c.yaml:1:5 yaml: the anchor "b" is not known here'],
  ['a: &a [*a]\n', 'c.yaml:1:9 yaml: the value of the anchor "a" contains itself'],
  ['1: a\n', 'c.yaml:1:1 yaml: a key must be a string, not 1'],
  [
    'services: {a: {image: a, extends: b}}\n',
    'c.yaml:1:35 extends: a extends the service b, which /app/c.yaml does not have',
  ],
  ['include: [other.yaml]\n', 'c.yaml:1:11 not-found: reading /app/other.yaml: there is no such file in the bundle'],
  [
    'include: [c.yaml]\n',
    'c.yaml:1:11 cycle: files include each other in a circle: /app/c.yaml, which includes /app/c.yaml',
  ],
  ['include: ["oci://x/y"]\n', 'unsupported: reading oci://x/y: remote files cannot be read here'],
  [
    'services: {a: {image: a, env_file: x.env}}\n',
    'c.yaml:1:36 not-found: reading /app/x.env: there is no such file in the bundle',
  ],
])('%j', async (yaml, message) => {
  const [first] = await errorsOf({ 'c.yaml': yaml });
  expect(first).toContain(message);
});

test('finds every mistake of a kind at once', async () => {
  expect(
    await errorsOf({ 'c.yaml': 'services:\n  a: {imag: x}\n  b: {image: 5, build: {x: 1, y: 2}}\n' }),
  ).toHaveLength(4);
  expect(
    await errorsOf({ 'c.yaml': 'services:\n  a: {command: x}\n  b: {image: b, networks: [n, m]}\n' }),
  ).toHaveLength(3);
});

test('a mistake in an included or extended file is found there', async () => {
  expect(
    await errorsOf({
      'c.yaml': 'include: [sub/i.yaml]\n',
      'sub/i.yaml': 'services:\n  a:\n    image: a\n    porst: []\n',
    }),
  ).toEqual(['sub/i.yaml:4:5 unknown-key: "porst" is no key of services.a; did you mean ports?']);
  expect(
    await errorsOf({
      'c.yaml': 'services:\n  a: {extends: {file: b.yaml, service: b}}\n',
      'b.yaml': 'services:\n  b:\n    image: a\n    mem_limit: x\n',
    }),
  ).toEqual(['b.yaml:4:16 value: services.a.mem_limit: "x" is not a size such as 512m']);
});

test('a value keeps its place through extends, merges and anchors', async () => {
  const result = await loadFiles({
    'c.yaml':
      'services:\n  web:\n    extends: {file: base.yaml, service: web}\n    labels: {own: 1}\n    deploy: &d {replicas: 2}\n  two: {image: x, deploy: *d}\n',
    'base.yaml': 'services:\n  web:\n    image: nginx\n    labels:\n      base: 1\n    ports:\n      - 80-81:80-81\n',
  });
  const at = (...path: (string | number)[]): string => {
    const origin = result.provenance(path);
    return origin === undefined ? 'nowhere' : `${origin.file.replace('/app/', '')}:${origin.line}:${origin.column}`;
  };
  expect(at('services', 'web', 'image')).toBe('base.yaml:3:12');
  expect(at('services', 'web', 'labels', 'base')).toBe('base.yaml:5:13');
  expect(at('services', 'web', 'labels', 'own')).toBe('c.yaml:4:19');
  expect(at('services', 'web', 'ports', 1, 'target')).toBe('base.yaml:7:9');
  expect(at('services', 'two', 'deploy', 'replicas')).toBe('c.yaml:5:27');
});

test('the value of a variable is nowhere in what is said', async () => {
  const environment = { SECRET: 'hunter2-value' };
  const files = [
    'services: {a: {image: a, networks: ["$SECRET"]}}',
    'services: {a: {image: a, volumes: ["$SECRET:/x"]}}',
    'services: {a: {image: a, env_file: "$SECRET.env"}}',
    'services: {a: {image: a, ports: ["$SECRET"]}}',
    'services: {a: {image: a, scale: $SECRET}}',
    'services: {a: {image: a, mem_limit: $SECRET}}',
    'services: {a: {image: a, command: "\'$SECRET"}}',
    'services: {a: {image: a, tmpfs: [$SECRET], volumes: [{type: tmpfs, target: $SECRET}]}}',
    'services: {a: {image: "${SECRET:+${NOPE:?$SECRET}}"}}',
    'include: [$SECRET]',
    'services: {a: {image: a, extends: {service: x, file: $SECRET}}}',
    'services: {a: {image: a, depends_on: [$SECRET]}}',
  ];
  for (const file of files) {
    const result = await loadFiles({ 'c.yaml': file }, { environment });
    expect(result.ok, file).toBe(false);
    expect(JSON.stringify(result.diagnostics), file).not.toContain('hunter2');
  }
});

test('warnings: an unset variable, an obsolete key', async () => {
  const result = await loadFiles({ 'c.yaml': 'version: "3"\nservices: {a: {image: "a:$TAG"}}\n' });
  expect(result.ok).toBe(true);
  expect(result.diagnostics.map((found) => `${found.severity} ${found.code} ${found.origin?.line}`)).toEqual([
    'warning unset-variable 2',
    'warning obsolete 1',
  ]);
});
