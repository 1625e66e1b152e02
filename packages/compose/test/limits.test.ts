import { describe, expect, test } from 'vitest';
import { loadFiles } from './support.ts';

// A generous bound: on an idle machine most take some 50 ms, and none a second.
const patience = 20_000;

function repeat(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_item, index) => line(index)).join('\n');
}

describe('hostile input is refused at once, in a sentence', { timeout: 2 * patience }, () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'an alias bomb',
      {
        'c.yaml': `x-0: &x0 [a, a, a, a, a, a, a, a, a]\n${repeat(40, (i) => `x-${i + 1}: &x${i + 1} [${`*x${i},`.repeat(9)}]`)}`,
      },
      'with its aliases it has more than',
    ],
    [
      'merges that grow',
      { 'c.yaml': `x-0: &x0 {k: 1}\n${repeat(2000, (i) => `x-${i + 1}: &x${i + 1} {<<: *x${i}, k${i}: 1}`)}` },
      'nested deeper than',
    ],
    ['deep brackets', { 'c.yaml': `x-a: ${'['.repeat(100_000)}` }, 'nested deeper than'],
    ['deep variables', { 'c.yaml': `x-a: "${'${A:-'.repeat(50_000)}${'}'.repeat(50_000)}"` }, 'nested deeper than'],
    [
      'variables that double',
      {
        'c.yaml': 'services: {a: {image: a, env_file: e.env}}',
        'e.env': `V0=xxxxxxxx\n${repeat(60, (i) => `V${i + 1}=$V${i}$V${i}`)}`,
      },
      'grow beyond what is allowed',
    ],
    ['ten megabytes', { 'c.yaml': `# ${'x'.repeat(10 * 1024 * 1024)}` }, 'larger than 8 MB'],
    [
      'a thousand includes',
      {
        'c.yaml': `include:\n${repeat(1500, (i) => `  - i${i}.yaml`)}`,
        ...Object.fromEntries(Array.from({ length: 1500 }, (_item, i) => [`i${i}.yaml`, 'services: {}'])),
      },
      'reads more than 1000 files',
    ],
    [
      'services that pile up what they extend',
      {
        'c.yaml': `services:\n${repeat(5000, (i) => `  s${i}: {${i === 0 ? 'image: a' : `extends: s${i - 1}`}, labels: [l${i}=1]}`)}`,
      },
      'where they are put together',
    ],
    [
      'one env file of many variables for many services',
      {
        'c.yaml': `services:\n${repeat(2000, (i) => `  s${i}: {image: a, env_file: e.env}`)}`,
        'e.env': repeat(5000, (i) => `V${i}=x`),
      },
      'where they are put together',
    ],
    [
      'files that include the next one twice',
      {
        'c.yaml': 'include: [i0.yaml]',
        ...Object.fromEntries(
          Array.from({ length: 40 }, (_item, i) => [
            `i${i}.yaml`,
            i < 39 ? `include: [i${i + 1}.yaml, {path: i${i + 1}.yaml}]` : 'services: {z: {image: a}}',
          ]),
        ),
      },
      'where they are put together',
    ],
    [
      'a chain of 20,000 services, the last one first',
      {
        'c.yaml': `services:\n${repeat(20_000, (i) => `  s${i}: {${i < 19_999 ? `extends: s${i + 1}` : 'image: a'}}`)}`,
      },
      'more than 500 steps',
    ],
    [
      'every port of many services by an alias',
      { 'c.yaml': `x-p: &p ["1-65535:1-65535"]\nservices:\n${repeat(200, (i) => `  s${i}: {image: a, ports: *p}`)}` },
      'where they are put together',
    ],
    [
      'a long host name with many addresses',
      { 'c.yaml': `services: {a: {image: a, extra_hosts: ["${'h'.repeat(100_000)}=${'1,'.repeat(100_000)}"]}}` },
      'grows beyond what is allowed',
    ],
    [
      'thousands of unknown keys',
      { 'c.yaml': `services: {a: {image: a, ${Array.from({ length: 20_000 }, (_item, i) => `k${i}: v`).join(', ')}}}` },
      'is no key of services.a',
    ],
    [
      'a circle of 5,000 dependencies',
      { 'c.yaml': `services:\n${repeat(5000, (i) => `  s${i}: {image: a, depends_on: [s${(i + 1) % 5000}]}`)}` },
      'in a circle',
    ],
  ])('%s', async (_name, files, message) => {
    const start = performance.now();
    const result = await loadFiles(files);
    expect(performance.now() - start).toBeLessThan(patience);
    expect(result.ok).toBe(false);
    expect(result.diagnostics.at(-1)?.message.slice(0, 100_000)).toContain(message);
  });
});

describe('large honest input is loaded', { timeout: 2 * patience }, () => {
  test.each<[string, string]>([
    [
      '1,000 services',
      `services:\n${repeat(1000, (i) => `  s${i}: {image: "a:$T", ports: ["${i + 1}:80"], environment: [A=1], volumes: ["./x:/y"]}`)}`,
    ],
    [
      '500 merges of one anchor',
      `x-a: &a {labels: {a: b}}\nservices:\n${repeat(500, (i) => `  s${i}: {<<: *a, image: a}`)}`,
    ],
    [
      'a graph with 40,000 dependencies',
      `services:\n${repeat(300, (i) => `  s${i}: {image: a, depends_on: [${Array.from({ length: i }, (_item, j) => `s${j}`).join(',')}]}`)}`,
    ],
    ['a variable named half a million times', `services: {a: {image: a, hostname: "${'$a'.repeat(500_000)}"}}`],
    [
      '20,000 resets in one mapping',
      `services: {a: {image: a, labels: {${Array.from({ length: 20_000 }, (_item, i) => `k${i}: v`).join(', ')}}}}\n---\nservices: {a: {labels: {${Array.from({ length: 20_000 }, (_item, i) => `k${i}: !reset null`).join(', ')}}}}`,
    ],
    ['65,535 ports', 'services: {a: {image: a, ports: ["1-65535:1-65535"]}}'],
  ])('%s', async (_name, yaml) => {
    const start = performance.now();
    const result = await loadFiles({ 'c.yaml': yaml });
    expect(result.diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
    expect(performance.now() - start).toBeLessThan(patience);
  });
});
