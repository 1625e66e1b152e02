import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { messageOf } from '@drover/base';
import type { BuildConfig, Diagnostic, LoadedInput, LoadSuccess, Project } from '@drover/compose';
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
  const what = wanted[kind];
  if (what === undefined) return [];
  for (const { project, provenance } of results) {
    const path = what.placeOf(project, uri);
    if (path === undefined) continue;
    const origin = provenance(path);
    return [
      {
        severity: 'error',
        code: 'not-found',
        message: `the ${what.words} ${path[1]}, ${uri}, does not exist`,
        path,
        ...(origin === undefined ? {} : { origin }),
      },
    ];
  }
  return [{ severity: 'error', code: 'not-found', message: `the ${what.words} ${uri} does not exist`, path: [] }];
}

interface Wanted {
  /** Before the name of what wants it. */
  readonly words: string;
  /** The path in the model of what names the file; its second part is a name. */
  placeOf(project: Project, uri: string): [section: string, name: string, key: string] | undefined;
}

/** What a deploy cannot do without, besides what the load has read. */
const wanted: { readonly [kind in LoadedInput['kind']]?: Wanted } = {
  secret: { words: 'file of the secret', placeOf: ({ secrets }, uri) => fileOf('secrets', secrets, uri) },
  config: { words: 'file of the config', placeOf: ({ configs }, uri) => fileOf('configs', configs, uri) },
  'build-context': {
    words: 'folder to build from',
    placeOf: (project, uri) => buildOf(project, ({ context }) => context === uri),
  },
  'ssh-key': {
    words: 'SSH key for the build of',
    placeOf: (project, uri) => buildOf(project, ({ ssh = [] }) => ssh.some((key) => key.endsWith(`: ${uri}`))),
  },
};

function fileOf(
  section: string,
  objects: Project['secrets'],
  uri: string,
): [section: string, name: string, key: string] | undefined {
  const name = Object.keys(objects).find((each) => objects[each]?.file === uri);
  return name === undefined ? undefined : [section, name, 'file'];
}

function buildOf(
  { services }: Project,
  uses: (build: BuildConfig) => boolean,
): [section: string, name: string, key: string] | undefined {
  const found = Object.entries(services).find(([, { build }]) => build !== undefined && uses(build));
  return found === undefined ? undefined : ['services', found[0], 'build'];
}
