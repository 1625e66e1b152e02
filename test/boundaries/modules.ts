import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseAst } from 'rolldown/parseAst';

/** One import of one module: who, what, and whether only types cross. */
export type ModuleImport = {
  readonly from: string;
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** An `import()`: it happens later, so it closes no circle. */
  readonly lazy: boolean;
};

const sourceFolders = ['packages', 'apps', 'lab'];
const skipped = new Set(['node_modules', 'dist', 'generated', 'test']);

/** Every TypeScript source file of the product, as paths from the repository's root. Tests are not held to the rules. */
export function listModules(root: string): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !skipped.has(entry.name)) walk(join(folder, entry.name));
      else if (entry.isFile() && /\.tsx?$/.test(entry.name)) found.push(relative(root, join(folder, entry.name)));
    }
  };
  for (const folder of sourceFolders) walk(join(root, folder));
  return found.sort();
}

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

/** The imports of one module, also `import()` and `export … from`, with relative ones resolved to paths from the root. */
export function readImports(root: string, file: string, code = readFileSync(join(root, file), 'utf8')): ModuleImport[] {
  const program = parseAst(code, { lang: file.endsWith('x') ? 'tsx' : 'ts', sourceType: 'module' });
  const imports: ModuleImport[] = [];
  const visit = (node: Node): void => {
    const source = node.source as { readonly value?: unknown } | null | undefined;
    if (
      /^(Import|ExportNamed|ExportAll)(Declaration|Expression)$/.test(node.type) &&
      typeof source?.value === 'string'
    ) {
      const kind = node.importKind ?? node.exportKind;
      const specifier = source.value.startsWith('.')
        ? relative(root, resolve(root, dirname(file), source.value))
        : source.value;
      imports.push({
        from: file,
        specifier,
        line: code.slice(0, node.start).split('\n').length,
        typeOnly: kind === 'type',
        lazy: node.type === 'ImportExpression',
      });
    }
    for (const child of Object.values(node)) {
      if (Array.isArray(child)) for (const item of child) if (isNode(item)) visit(item);
      if (isNode(child)) visit(child);
    }
  };
  visit(program as unknown as Node);
  return imports;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}
