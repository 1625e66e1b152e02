import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { messageOf } from '@drover/base';
import { SourceError } from './source-error.ts';

/** A file, symbolic link or empty folder of this machine that goes into a bundle. */
export type LocalEntry =
  | { readonly kind: 'file'; readonly file: string; readonly size: number; readonly mode: number }
  | { readonly kind: 'link'; readonly file: string; readonly target: string }
  | { readonly kind: 'folder'; readonly file: string };

export interface ContextOptions {
  /** Absolute folder. */
  readonly folder: string;
  /** Absolute paths; they are taken along though .dockerignore leaves them out, as the builder needs them. */
  readonly dockerfiles: readonly string[];
}

/**
 * What of a build context goes to the builder: everything that .dockerignore (or DOCKERFILE.dockerignore, which goes before it)
 * leaves in. Symbolic links stay links, and folders of which nothing goes along stay empty ones; sockets and devices are left out, as
 * docker does.
 */
export async function readBuildContext(options: ContextOptions): Promise<LocalEntry[]> {
  const { folder } = options;
  const ignore = await ignoreRules(options);
  const kept = new Set(options.dockerfiles.map((file) => relative(folder, file)));
  kept.add('.dockerignore');
  for (const file of [...kept]) kept.add(`${file}.dockerignore`);
  const entries: LocalEntry[] = [];
  const walk = async (path: string, isIgnored: boolean): Promise<void> => {
    const before = entries.length;
    for (const item of await readdir(join(folder, path), { withFileTypes: true })) {
      const below = path === '' ? item.name : `${path}/${item.name}`;
      const ignored = ignore.ignores(below) && !kept.has(below);
      if (item.isDirectory()) {
        if (!ignored || ignore.hasExceptions || [...kept].some((file) => file.startsWith(`${below}/`)))
          await walk(below, ignored);
      } else if (!ignored) entries.push(...(await readEntry(join(folder, below))));
    }
    if (!isIgnored && entries.length === before) entries.push({ kind: 'folder', file: join(folder, path) });
  };
  try {
    await walk('', false);
  } catch (error) {
    throw new SourceError(`reading the build context ${folder}: ${messageOf(error)}`, { cause: error });
  }
  return entries;
}

/** What stands at a path, as an entry; none for what is neither file nor link. */
export async function readEntry(file: string): Promise<LocalEntry[]> {
  const found = await lstat(file);
  if (found.isSymbolicLink()) return [{ kind: 'link', file, target: await readlink(file) }];
  if (!found.isFile()) return [];
  return [{ kind: 'file', file, size: found.size, mode: found.mode & 0o777 }];
}

interface IgnoreRules {
  ignores(path: string): boolean;
  /** With a `!` pattern a folder that is left out may hold something that is not. */
  readonly hasExceptions: boolean;
}

async function ignoreRules({ folder, dockerfiles }: ContextOptions): Promise<IgnoreRules> {
  const texts = await Promise.all(
    (dockerfiles.length > 0 ? dockerfiles : [join(folder, 'Dockerfile')]).map(
      async (dockerfile) =>
        (await textOf(`${dockerfile}.dockerignore`)) ?? (await textOf(join(folder, '.dockerignore'))) ?? '',
    ),
  );
  const rules = texts.map((text) => dockerignore.default({ ignorecase: false }).add(text));
  return {
    // Several services may build from one folder with different rules: what one of them needs goes along.
    ignores: (path) => rules.every((each) => each.ignores(path)),
    hasExceptions: texts.some((text) => /^\s*!/m.test(text)),
  };
}

/** The rules of a folder's own .dockerignore; undefined where it has none. */
export async function readIgnoreFile(folder: string): Promise<{ ignores(path: string): boolean } | undefined> {
  const text = await textOf(join(folder, '.dockerignore'));
  return text === undefined ? undefined : dockerignore.default({ ignorecase: false }).add(text);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return undefined;
    throw new SourceError(`reading ${file}: ${messageOf(error)}`, { cause: error });
  }
}
