import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConformanceCase } from './case.ts';

/** A case laid out on the disk. */
export interface Stage {
  /** The project's folder; its last part is `project`, as the default name of a project depends on it. */
  readonly root: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  [Symbol.dispose](): void;
}

/** Lays a case out in a folder of its own, with an empty HOME beside it and three folders of its own above. */
export function stageCase({ files, args, env }: ConformanceCase): Stage {
  const top = mkdtempSync(join(realpathSync(tmpdir()), 'drover-conformance-'));
  const root = join(top, 'outer', 'inner', 'project');
  const home = `${root}-neutral`;
  mkdirSync(root, { recursive: true });
  mkdirSync(home);
  for (const [path, content] of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const real = (text: string): string => text.replaceAll('$ROOT', root);
  return {
    root,
    args: args.map(real),
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: home,
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, real(value)])),
    },
    [Symbol.dispose]: () => rmSync(top, { recursive: true, force: true }),
  };
}
