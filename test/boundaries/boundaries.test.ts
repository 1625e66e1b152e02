import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { listModules, readImports } from './modules.ts';
import { findCycles, rules, violation } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const modules = listModules(root);
const imports = modules.flatMap((file) => readImports(root, file));

test('the checker sees the modules and their imports', () => {
  for (const rule of rules.filter(({ folder }) => folder.split('/').length === 2)) {
    expect(
      modules.some((file) => file.startsWith(`${rule.folder}/`)),
      rule.folder,
    ).toBe(true);
  }
  expect(modules.length).toBeGreaterThan(40);
  expect(imports.length).toBeGreaterThan(modules.length);
  expect(imports).toContainEqual(
    expect.objectContaining({
      from: 'packages/base/src/ids.ts',
      specifier: 'packages/base/src/brand.ts',
      typeOnly: true,
    }),
  );
});

test('no module imports what its layer may not', () => {
  expect(imports.map(violation).filter((found) => found !== undefined)).toEqual([]);
});

test('no import goes in a circle', () => {
  expect(findCycles(imports).map((cycle) => cycle.join(' → '))).toEqual([]);
});

test.each([
  ['packages/base/src/x.ts', `import { load } from '@drover/compose';`, 'packages/base may not import @drover/compose'],
  ['packages/compose/src/x.ts', `import { readFileSync } from 'node:fs';`, 'may not import node:fs'],
  [
    'packages/orchestration/src/plan/x.ts',
    `import type { Engine } from '@drover/engine';`,
    'may not import @drover/engine',
  ],
  [
    'packages/orchestration/src/execute/x.ts',
    `import { plan } from '../plan/plan.ts';`,
    'may not import packages/orchestration/src/plan/plan.ts',
  ],
  ['packages/contract/src/x.ts', `import { load } from '@drover/compose';`, 'may import only types'],
  [
    'apps/server/src/http/x.ts',
    `import { openStore } from '../store/store.ts';`,
    'may not import apps/server/src/store/store.ts',
  ],
  ['apps/server/src/http/x.ts', `const engine = await import('@drover/engine');`, 'may not import @drover/engine'],
  ['apps/cli/src/x.ts', `export { start } from '@drover/server/main';`, 'may not import @drover/server/main'],
])('%s with %s is refused', (file, code, reason) => {
  expect(readImports(root, file, code).map(violation)).toEqual([expect.stringContaining(reason)]);
});

test('a circle is found', () => {
  const made = [
    ...readImports(root, 'packages/base/src/a.ts', `import { b } from './b.ts';`),
    ...readImports(root, 'packages/base/src/b.ts', `import { a } from './a.ts';`),
  ];
  expect(findCycles(made)).toEqual([['packages/base/src/a.ts', 'packages/base/src/b.ts', 'packages/base/src/a.ts']]);
});
