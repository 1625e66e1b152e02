import fc from 'fast-check';

/** The forms that people give a key, in YAML; some are wrong. */
const forms: Readonly<Record<string, readonly string[]>> = {
  annotations: ['{a: 1}', '[a=2, b]'],
  blkio_config: ['{weight: 10, device_read_bps: [{path: /dev/a, rate: 1mb}]}'],
  build: [
    '.',
    './x',
    '{context: ., args: [A, B=1], tags: [t]}',
    '{dockerfile: D, args: {B: 2}, labels: {l: 1}}',
    '!reset null',
  ],
  cap_add: ['[A, B]', '[B]'],
  command: ['a "b c"', '[a, "$TAG"]', '[]', 'null', '!override [z]'],
  configs: ['[c]', '[{source: d, target: /d, mode: 0440}, c]'],
  container_name: ['one'],
  cpus: ['0.5', '"1.50"', 'x'],
  depends_on: [
    '[b]',
    '{b: {condition: service_healthy, restart: true}}',
    '{c: {condition: service_started, required: false}}',
  ],
  deploy: [
    '{replicas: 2}',
    '{resources: {limits: {cpus: "0.5", memory: 50M}}, labels: [a=1]}',
    '{placement: {constraints: [x]}}',
  ],
  develop: ['{watch: [{path: ./w, action: rebuild}]}'],
  devices: ['["/dev/a"]', '["/dev/a:/dev/b:r"]'],
  dns: ['1.1.1.1', '[1.1.1.1, "${NOPE-}"]'],
  entrypoint: ['e', '["e", f]', '""'],
  env_file: ['x.env', '[{path: nope.env, required: false}, x.env]', '[{path: x.env, format: raw}]'],
  environment: ['{A: 1, B: , C: 1.0, D: 1e3}', '[A=2, B, "E=${TAG:-t}"]', '!override {Z: 1}', '{A: !reset null}'],
  expose: ['[80, "81-82"]', '["80/udp"]'],
  extends: ['b', '{service: b}'],
  extra_hosts: ['["h:1.2.3.4"]', '{h: 1.2.3.4, i: "::1"}'],
  gpus: ['all', '[{count: 2}]'],
  healthcheck: ['{test: x, interval: 90s}', '{test: [CMD, y], retries: 3}', '{disable: true}'],
  image: ['i:$TAG', '"j:${TAG:-latest}"', 'k@sha256:0000000000000000000000000000000000000000000000000000000000000000'],
  labels: ['{a: 1, b: "$$x"}', '[b=2, c]', '!reset []'],
  links: ['[b]', '["b:bee"]'],
  logging: ['{driver: x, options: {a: 1}}', '{options: {b: 2}}', '{driver: y}'],
  mem_limit: ['1g', '1.5gb', '1024', '-1'],
  network_mode: ['host', '"service:b"'],
  networks: ['[n]', '{n: {aliases: [x]}, m: {priority: 5}}', '!override [m]'],
  ports: [
    '["80:80"]',
    '["${PORT:-8080}:80", "81-82:81-82/udp"]',
    '[{target: 80, published: 8080}]',
    '!override ["9:9"]',
    '["x:80"]',
  ],
  post_start: ['[{command: a b}]'],
  profiles: ['[p]', '[q, r]'],
  pull_policy: ['always', 'if_not_present'],
  restart: ['always', 'on-failure:3', 'no'],
  scale: ['2', '"1"'],
  secrets: ['[s]', '[{source: t, target: x, mode: "0400"}]'],
  stop_grace_period: ['1m30s', '10s'],
  sysctls: ['{a: 1}', '[a=2]'],
  tmpfs: ['/t', '[/t, "/u:size=1m"]'],
  tty: ['true', '"${TTY:-yes}"'],
  ulimits: ['{nofile: 1}', '{nofile: {soft: 1, hard: 2}, nproc: 3}'],
  volumes: ['["./a:/a", "v:/v:ro"]', '["../b:/a:z"]', '[{type: tmpfs, target: /t2}, /anonymous]', '!reset null'],
  volumes_from: ['[b]', '["b:ro"]'],
  'x-own': ['{a: [1, 2.5, true, null, text]}', '{b: c}'],
};

const body = fc
  .subarray(Object.keys(forms), { minLength: 1, maxLength: 7 })
  .chain((keys) =>
    fc.tuple(...keys.map((key) => fc.constantFrom(...(forms[key] ?? [])).map((form) => `    ${key}: ${form}\n`))),
  )
  .map((lines) => lines.join(''));

/** The section `services` of a file: `a` made at random, `b` and `c` plain, so that most projects are right. */
export const services = fc
  .tuple(body, fc.boolean())
  .map(
    ([lines, named]) =>
      `  a:\n${named ? '' : '    image: a\n'}${dropImage(lines, named)}  b: {image: b}\n  c: {image: c, profiles: [q]}\n`,
  );

/** A key may be written once. */
function dropImage(lines: string, named: boolean): string {
  return named ? lines : lines.replace(/^ {4}image: .*\n/m, '');
}
