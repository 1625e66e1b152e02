import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { messageOf } from '@drover/base';
import type { Diagnostic, LoadedInput, LoadSuccess } from '@drover/compose';
import { ComposeFilesError } from '../project/compose-error.ts';
import { type LocalEntry, readBuildContext } from './build-context.ts';
import { SourceError } from './source-error.ts';

/** Everything that a project reaches on this machine, by its path in the bundle. */
export type CollectedFiles = ReadonlyMap<string, LocalEntry>;

/** A path as a bundle has it: relative to the working directory when below it, else absolute. */
export function bundlePath(workingDir: string, file: string): string {
  const way = relative(workingDir, resolve(workingDir, file));
  return way === '' || way === '..' || way.startsWith('../') || isAbsolute(way) ? resolve(workingDir, file) : way;
}

/**
 * Finds the files of a project: what its load read, its env files, the files of its secrets and configs, its build contexts. Throws
 * `ComposeFilesError` with the place that names a file which is not there.
 */
export async function collectFiles(options: {
  readonly workingDir: string;
  readonly results: readonly LoadSuccess[];
  readonly envFiles: readonly string[];
}): Promise<CollectedFiles> {
  const { workingDir, results } = options;
  const entries = new Map<string, LocalEntry>();
  const add = (entry: LocalEntry): void => void entries.set(bundlePath(workingDir, entry.file), entry);
  const inputs = new Map(
    results.flatMap((result) => result.inputs).map((input) => [`${input.kind} ${input.uri}`, input]),
  );
  const local = [...inputs.values()].filter(({ uri }) => isAbsolute(uri) && uri !== '/dev/null');
  const missing: Diagnostic[] = [];
  for (const file of options.envFiles) for (const entry of (await filesAt(file)) ?? []) add(entry);
  const dockerfiles = local.filter(({ kind }) => kind === 'dockerfile').map(({ uri }) => uri);
  for (const input of local) {
    const found = input.kind === 'build-context' ? await contextAt(input, dockerfiles) : await filesAt(input.uri);
    for (const entry of found ?? []) add(entry);
    if (found === undefined) missing.push(...missingInput(input, results));
  }
  if (missing.length > 0) throw new ComposeFilesError(missing);
  return entries;
}

/** The Dockerfiles of a context: those in it, and its own where none is named. */
async function contextAt({ uri }: LoadedInput, dockerfiles: readonly string[]): Promise<LocalEntry[] | undefined> {
  const found = await stat(uri).catch(() => undefined);
  if (found?.isDirectory() !== true) return undefined;
  return readBuildContext({
    folder: uri,
    dockerfiles: dockerfiles.filter((file) => dirname(file) === uri || file.startsWith(`${uri}/`)),
  });
}

/** A file, or all files of a folder; `undefined` where nothing stands. Links are followed, as the project means what they lead to. */
async function filesAt(path: string): Promise<LocalEntry[] | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isFile()) return [{ kind: 'file', file: path, size: found.size, mode: found.mode & 0o777 }];
  if (!found.isDirectory()) return [];
  try {
    const names = await readdir(path);
    return (await Promise.all(names.map((name) => filesAt(join(path, name))))).flatMap((each) => each ?? []);
  } catch (error) {
    throw new SourceError(`reading ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** What is wrong when an input is not there. What the load read, or may do without, is not missing. */
function missingInput({ kind, uri }: LoadedInput, results: readonly LoadSuccess[]): Diagnostic[] {
  if (kind !== 'secret' && kind !== 'config' && kind !== 'build-context') return [];
  const what = kind === 'build-context' ? 'folder to build from' : `file of the ${kind}`;
  for (const { project, provenance } of results) {
    const places =
      kind === 'build-context'
        ? Object.entries(project.services).flatMap(([name, { build }]) =>
            build?.context === uri ? [['services', name, 'build']] : [],
          )
        : Object.entries(kind === 'secret' ? project.secrets : project.configs).flatMap(([name, { file }]) =>
            file === uri ? [[`${kind}s`, name, 'file']] : [],
          );
    for (const path of places) {
      const origin = provenance(path);
      return [
        {
          severity: 'error',
          code: 'not-found',
          message: `the ${what} ${path[1]}, ${uri}, does not exist`,
          path,
          ...(origin === undefined ? {} : { origin }),
        },
      ];
    }
  }
  return [{ severity: 'error', code: 'not-found', message: `the ${what} ${uri} does not exist`, path: [] }];
}
