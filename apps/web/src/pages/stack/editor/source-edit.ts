import type { BundleFile, SourceInput, SourceView } from '@drover/contract';

export type SourceFile = SourceView['files'][number];

/** The source of a stack that begins with one Compose file. */
export function newSource(composeText: string): SourceView {
  return {
    composeFiles: ['compose.yaml'],
    envFiles: [],
    profiles: [],
    files: [{ path: 'compose.yaml', text: composeText, editable: true }],
  };
}

/** The source with another text in one file; a file that was not there comes to be. */
export function withText(source: SourceView, path: string, text: string): SourceView {
  const known = source.files.find((file) => file.path === path);
  if (known === undefined) return { ...source, files: [...source.files, { path, text, editable: true }] };
  const { sha256: _digest, size: _size, ...rest } = known;
  return { ...source, files: source.files.map((file) => (file === known ? { ...rest, text } : file)) };
}

/** The source without a file that no Compose file is. */
export function withoutFile(source: SourceView, path: string): SourceView {
  return {
    ...source,
    envFiles: source.envFiles.filter((each) => each !== path),
    files: source.files.filter((file) => file.path !== path),
  };
}

/** Whether two sources say the same. */
export function sameSource(one: SourceView, other: SourceView): boolean {
  return JSON.stringify(toInput(one)) === JSON.stringify(toInput(other));
}

/** What is sent to the server. An empty list of env files means that `.env` is read, so it is left out. */
export function toInput(source: SourceView): SourceInput {
  const { workingDir, composeFiles, envFiles, profiles, files } = source;
  return {
    ...(workingDir === undefined ? {} : { workingDir }),
    composeFiles,
    ...(envFiles.length === 0 ? {} : { envFiles }),
    ...(profiles.length === 0 ? {} : { profiles }),
    files: files.map(toBundleFile),
  };
}

function toBundleFile({ path, text, editable, sha256, size, mode, link, folder }: SourceFile): BundleFile {
  if (folder === true) return { path, folder };
  if (link !== undefined) return { path, link };
  const rights = mode === undefined ? {} : { mode };
  return !editable && sha256 !== undefined && size !== undefined
    ? { path, sha256, size, ...rights }
    : { path, text, ...rights };
}

/** Where a path of the source stands for the loader: absolute, as the server has it. */
export function absolutePath(source: Pick<SourceView, 'workingDir'>, path: string): string {
  return path.startsWith('/') ? path : `${source.workingDir ?? '/stack'}/${path}`;
}

/** The path in the source of an absolute one, however the server calls the folder; nothing for a file that is elsewhere. */
export function pathIn(source: SourceView, absolute: string): string | undefined {
  return source.files.find(({ path }) => absolute === path || absolute.endsWith(`/${path}`))?.path;
}

/** The files in the order of the editor: Compose files, env files, then the rest by name. */
export function orderedFiles(source: SourceView): readonly SourceFile[] {
  const rank = ({ path }: SourceFile): number =>
    source.composeFiles.includes(path) ? 0 : path === '.env' || source.envFiles.includes(path) ? 1 : 2;
  return [...source.files].sort((one, other) => rank(one) - rank(other) || (one.path < other.path ? -1 : 1));
}

/** The `name:` at the top of a Compose file, where it is a plain word. */
export function projectNameIn(composeText: string): string | undefined {
  return /^name:\s*["']?([a-z0-9][a-z0-9_-]{0,62})["']?\s*(?:#.*)?$/m.exec(composeText)?.[1];
}
