import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainValue } from '../src/bind/bind.ts';
import { sha256Hex } from '../src/hash/sha256.ts';
import {
  bundleReader,
  defaultLimits,
  type LoadResult,
  load,
  parseDotenv,
  substitute,
  toJson,
  toYaml,
} from '../src/index.ts';
import { mergeModels } from '../src/merge/merge.ts';
import { enforceUnicity } from '../src/merge/unicity.ts';
import type { MapNode } from '../src/tree/node.ts';
import { Source } from '../src/tree/source.ts';
import { readDocuments } from '../src/yaml/documents.ts';

// A failure names its seed; DROVER_FUZZ_SEED repeats it.
const runs = Number(process.env.DROVER_FUZZ_RUNS ?? 100);
if (process.env.DROVER_FUZZ_SEED !== undefined) fc.configureGlobal({ seed: Number(process.env.DROVER_FUZZ_SEED) });

function loadText(text: string, workingDir = '/app'): Promise<LoadResult> {
  return load({
    files: [{ uri: '/app/c.yaml', text }],
    workingDir,
    environment: { A: 'a', HOST: 'h' },
    reader: bundleReader(new Map()),
  });
}

const fragments = [
  'services',
  'a',
  'image',
  'ports',
  'volumes',
  'environment',
  ': ',
  ':',
  '\n',
  '  ',
  '    ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ', ',
  '"',
  "'",
  '$',
  '${',
  'A',
  ':-',
  '&x ',
  '*x',
  '<<',
  '!reset ',
  '!override ',
  '80',
  '0440',
  '|',
  '>',
  '#',
  '---',
  '%',
  '\t',
  '\u0000',
  '😀',
  'extends',
  'include',
  'null',
];

const soup = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join(''));

test('any text is a project or a diagnostic, never a throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), soup), async (text) => {
      const result = await loadText(text);
      if (!result.ok) expect(result.diagnostics.some((found) => found.severity === 'error')).toBe(true);
    }),
    { numRuns: runs },
  );
});

const word = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/);
const text = fc.oneof(
  word,
  fc.string({ maxLength: 12 }),
  fc.constantFrom('$HOST', '${A}', '$$x', 'yes', '0440', '1.0', 'a: b', ' x ', 'é😀', 'l\nm\n', '~'),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 3 }),
  ),
})).value;

const port = fc.oneof(
  fc.integer({ min: 1, max: 65535 }),
  fc
    .tuple(fc.integer({ min: 1, max: 65000 }), fc.integer({ min: 1, max: 65000 }))
    .map(([host, inner]) => `${host}:${inner}/udp`),
  fc.record({
    target: fc.integer({ min: 1, max: 65535 }),
    published: word.map(() => '8080'),
    mode: fc.constant('host'),
  }),
);

const limit = fc.integer({ min: 1, max: 9 });

const service = fc.record(
  {
    image: word,
    command: fc.oneof(fc.array(text, { maxLength: 3 }), fc.constantFrom('a b', '')),
    environment: fc.oneof(fc.dictionary(word, fc.oneof(text, fc.integer(), fc.constant(null))), fc.uniqueArray(word)),
    labels: fc.dictionary(word, text),
    ports: fc.uniqueArray(port, { maxLength: 3, selector: (value) => JSON.stringify(value) }),
    volumes: fc.uniqueArray(
      word.map((name) => `/${name}`),
      { maxLength: 2 },
    ),
    mem_limit: fc.constantFrom('5m', 1024, '1.5gb'),
    healthcheck: fc.record({ test: text, interval: fc.constantFrom('90s', '1h'), retries: fc.nat(9) }),
    cpus: fc.float({ min: 0, max: 8, noNaN: true }),
    extra_hosts: fc.dictionary(word, fc.constantFrom('1.2.3.4', '::1')),
    deploy: fc.record({ replicas: fc.constant(1), resources: fc.record({ limits: fc.record({ pids: fc.nat(9) }) }) }),
    stop_grace_period: fc.constantFrom('1m30s', '5s'),
    dns: fc.oneof(word, fc.uniqueArray(word)),
    // docker compose prints a limit of 0 as none, which no file may say.
    ulimits: fc.dictionary(word, fc.oneof(limit, fc.record({ soft: limit, hard: limit }))),
    'x-own': json,
  },
  { requiredKeys: ['image'] },
);

const project = fc.record({
  name: fc.constant('p'),
  services: fc.dictionary(word, service, { minKeys: 1, maxKeys: 3 }),
  'x-top': json,
});

test('a printed project loads to itself', async () => {
  await fc.assert(
    fc.asyncProperty(project, async (document) => {
      const first = await loadText(JSON.stringify(document));
      if (!first.ok) return;
      const printed = toJson(first.project);
      const fromJson = await loadText(printed, '/elsewhere');
      expect(fromJson.diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
      expect(fromJson.ok && toJson(fromJson.project)).toBe(printed);
      const yaml = toYaml(first.project);
      const fromYaml = await loadText(yaml, '/elsewhere');
      expect(fromYaml.diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
      expect(fromYaml.ok && toYaml(fromYaml.project)).toBe(yaml);
    }),
    { numRuns: runs },
  );
});

test('merging empty files in changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(project, async (document) => {
      const alone = await loadText(JSON.stringify(document));
      const merged = await loadText(`--- {services: {}}\n--- ${JSON.stringify(document)}\n--- {services: {}}\n`);
      expect(merged.ok).toBe(alone.ok);
      if (alone.ok && merged.ok) expect(toJson(merged.project)).toBe(toJson(alone.project));
    }),
    { numRuns: Math.ceil(runs / 3) },
  );
});

test("merging is associative where docker compose's is: maps, scalars and lists without `!reset`", async () => {
  const layer = fc.record(
    {
      image: word,
      environment: fc.dictionary(word, fc.oneof(word, fc.integer())),
      labels: fc.dictionary(word, word),
      command: fc.array(word, { maxLength: 2 }),
      cap_add: fc.uniqueArray(word, { maxLength: 3 }),
      networks: fc.dictionary(
        fc.constantFrom('default'),
        fc.record({ aliases: fc.uniqueArray(word, { maxLength: 2 }) }),
      ),
      deploy: fc.record({ labels: fc.dictionary(word, word) }, { requiredKeys: [] }),
    },
    { requiredKeys: ['image'] },
  );
  const model = layer.map((service) => {
    const [document] = readDocuments(
      new Source('/app/c.yaml', JSON.stringify({ services: { a: service } })),
      defaultLimits,
    );
    return document?.root as MapNode;
  });
  fc.assert(
    fc.property(model, model, model, (first, second, third) => {
      const left = mergeModels(mergeModels(first, second), third);
      const right = mergeModels(first, mergeModels(second, third));
      expect(plainValue(enforceUnicity(left))).toEqual(plainValue(enforceUnicity(right)));
    }),
    { numRuns: runs },
  );
});

test('templates and env files of any text end with a value or an error of ours', () => {
  fc.assert(
    fc.property(fc.oneof(soup, fc.string()), (value) => {
      for (const run of [() => substitute(value, () => 'v'), () => parseDotenv(value, new Map(), () => undefined)]) {
        try {
          run();
        } catch (thrown) {
          expect(thrown).toHaveProperty('code');
        }
      }
    }),
    { numRuns: runs },
  );
});

test('SHA-256 is that of everyone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (value) => {
      expect(sha256Hex(value)).toBe(createHash('sha256').update(value).digest('hex'));
    }),
  );
});
