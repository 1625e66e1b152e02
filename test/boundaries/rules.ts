import type { ModuleImport } from './modules.ts';

/** What the modules below `folder` may import: folders of this repository, packages from outside, Node's own modules. */
export type Rule = {
  readonly folder: string;
  readonly mayImport: readonly string[];
  /** Folders from which only types may come. */
  readonly typesFrom?: readonly string[];
  readonly node: boolean;
};

/** The first rule whose folder holds the file counts, so the narrower ones stand first. The drawing is in ARCHITECTURE.md. */
export const rules: readonly Rule[] = [
  { folder: 'packages/base/src/node', mayImport: ['packages/base'], node: true },
  { folder: 'packages/base', mayImport: [], node: false },
  { folder: 'packages/compose/src/node', mayImport: ['packages/base', 'packages/compose'], node: true },
  { folder: 'packages/compose/scripts', mayImport: ['packages/compose'], node: true },
  { folder: 'packages/compose', mayImport: ['packages/base'], node: false },
  { folder: 'packages/engine', mayImport: ['packages/base'], node: true },
  { folder: 'packages/tunnel', mayImport: ['packages/base'], node: true },
  {
    folder: 'packages/orchestration/src/model',
    mayImport: ['packages/base', 'packages/compose'],
    typesFrom: ['packages/compose'],
    node: false,
  },
  {
    folder: 'packages/orchestration/src/plan',
    mayImport: ['packages/base', 'packages/compose', 'packages/orchestration/src/model'],
    node: false,
  },
  {
    folder: 'packages/orchestration/src/observe',
    mayImport: ['packages/base', 'packages/compose', 'packages/engine', 'packages/orchestration/src/model'],
    node: false,
  },
  {
    folder: 'packages/orchestration/src/execute',
    mayImport: ['packages/base', 'packages/compose', 'packages/engine', 'packages/orchestration/src/model'],
    node: true,
  },
  {
    folder: 'packages/orchestration',
    mayImport: ['packages/base', 'packages/compose', 'packages/engine', 'packages/orchestration'],
    node: true,
  },
  {
    folder: 'packages/contract',
    mayImport: ['packages/base', 'packages/compose', 'packages/orchestration/src/model'],
    typesFrom: ['packages/compose', 'packages/orchestration/src/model'],
    node: false,
  },
  {
    folder: 'apps/server/src/http',
    mayImport: ['packages/base', 'packages/contract', 'apps/server/src/http', 'apps/server/src/domain'],
    node: true,
  },
  {
    folder: 'apps/server/src/domain',
    mayImport: [
      'packages/base',
      'packages/compose',
      'packages/contract',
      'packages/engine',
      'packages/orchestration',
      'packages/tunnel',
      'apps/server/src/domain',
      'apps/server/src/seal',
    ],
    node: true,
  },
  {
    folder: 'apps/server',
    mayImport: [
      'packages/base',
      'packages/compose',
      'packages/contract',
      'packages/engine',
      'packages/orchestration',
      'packages/tunnel',
      'apps/server',
    ],
    node: true,
  },
  { folder: 'apps/agent', mayImport: ['packages/base', 'packages/engine', 'packages/tunnel'], node: true },
  { folder: 'apps/cli', mayImport: ['packages/base', 'packages/compose', 'packages/contract'], node: true },
  { folder: 'apps/web', mayImport: ['packages/base', 'packages/compose', 'packages/contract'], node: false },
  { folder: 'lab', mayImport: ['packages/base'], node: true },
];

const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Where a workspace specifier points: `@drover/orchestration/plan/plan` → `packages/orchestration/src/plan/plan`. */
export function workspacePath(specifier: string): string | undefined {
  const [, name, rest] = /^@drover\/([a-z]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const folder = ['server', 'agent', 'cli', 'web'].includes(name)
    ? `apps/${name}`
    : name === 'lab' || name === 'test'
      ? name
      : `packages/${name}`;
  return `${folder}/src/${rest ?? 'index'}`;
}

/** Why an import breaks the architecture, or `undefined` when it does not. */
export function violation(imported: ModuleImport): string | undefined {
  const rule = rules.find((candidate) => inside(imported.from, candidate.folder));
  const where = `${imported.from}:${imported.line}`;
  if (rule === undefined) return `${where}: no rule covers this folder; add one to test/boundaries/rules.ts`;
  if (/^node:/.test(imported.specifier)) {
    return rule.node || isConfiguration(imported.from)
      ? undefined
      : `${where}: ${rule.folder} may not import ${imported.specifier}: it runs in a browser too, or is pure`;
  }
  const target =
    workspacePath(imported.specifier) ??
    (/^(packages|apps|lab|test)\//.test(imported.specifier) ? imported.specifier : undefined);
  if (target === undefined)
    return imported.specifier.startsWith('..') ? `${where}: ${imported.specifier} leaves the repository` : undefined;
  if (inside(target, rule.folder)) return undefined;
  const allowed = rule.mayImport.find((folder) => inside(target, folder));
  if (allowed === undefined) return `${where}: ${rule.folder} may not import ${imported.specifier}`;
  if (rule.typesFrom?.some((folder) => inside(target, folder)) && !imported.typeOnly)
    return `${where}: ${rule.folder} may import only types from ${imported.specifier}`;
  return undefined;
}

const isConfiguration = (file: string): boolean => /(^|\/)[a-z]+\.config\.ts$/.test(file);

/** The import cycles among modules, each as the list of its files. Imports of types alone make no cycle at run time. */
export function findCycles(imports: readonly ModuleImport[]): string[][] {
  const edges = new Map<string, string[]>();
  for (const each of imports) {
    if (each.typeOnly || each.lazy || !/^(packages|apps|lab)\//.test(each.specifier)) continue;
    edges.set(each.from, [...(edges.get(each.from) ?? []), each.specifier]);
  }
  const cycles: string[][] = [];
  const state = new Map<string, 'open' | 'closed'>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'closed') return;
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file]);
      return;
    }
    state.set(file, 'open');
    for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, 'closed');
  };
  for (const file of edges.keys()) visit(file, []);
  return cycles;
}
