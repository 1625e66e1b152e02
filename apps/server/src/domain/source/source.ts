import { posix } from 'node:path';

/** A file of a stored source: its content by digest, or a symbolic link; or a folder with nothing in it. */
export type SourceFile =
  | { readonly path: string; readonly sha256: string; readonly size: number; readonly mode?: number }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly folder: true };

/** What a stack is made from, as it is kept: paths are canonical, every content is in the blob store. */
export interface Source {
  /** The client's own directory; absent for a stack whose files live in the data folder. */
  readonly workingDir?: string;
  readonly composeFiles: readonly string[];
  readonly envFiles?: readonly string[];
  readonly profiles?: readonly string[];
  /** Sorted by path. */
  readonly files: readonly SourceFile[];
}

/** Values by name; a null-prototype object would not survive JSON, so it is read with `Object.entries` only. */
export type Environment = Readonly<Record<string, string>>;

/** The absolute path of a file of a source, below its working directory unless it is absolute already. */
export function absolutePath(workingDir: string, path: string): string {
  return path.startsWith('/') ? path : posix.join(workingDir, path);
}

/** The digests that a source needs. */
export function digestsOf(source: Source): string[] {
  return source.files.flatMap((file) => ('sha256' in file ? [file.sha256] : []));
}
