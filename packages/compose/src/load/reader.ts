/** A file as a reader found it. */
export interface Resource {
  /** The absolute address; messages and provenance name it. */
  readonly uri: string;
  readonly bytes: Uint8Array;
}

/** Why a reader gave nothing. `outside`: the address leaves what the caller allowed. */
export type ReadRefusal = 'not-found' | 'outside' | 'is-directory' | 'too-large' | 'unreadable' | 'unsupported';

export type ReadOutcome =
  | { readonly ok: true; readonly resource: Resource }
  | { readonly ok: false; readonly refusal: ReadRefusal; readonly reason: string };

/**
 * The only door between the loader and the outside. Addresses are absolute paths, or a remote address (git, OCI) as the author
 * wrote it. A reader never throws for what the author wrote; it refuses.
 */
export interface ResourceReader {
  /** Reads a whole file, or refuses when it is longer than `maxBytes`. */
  read(uri: string, maxBytes: number, signal: AbortSignal | undefined): Promise<ReadOutcome>;
  /** What lies there, without reading it. */
  kind(uri: string, signal: AbortSignal | undefined): Promise<'file' | 'directory' | 'missing'>;
  /** The path with its first symbolic link followed, for watched paths. Without it links are taken for what they are. */
  followLinks?(path: string, signal: AbortSignal | undefined): Promise<string>;
  /** Makes a remote file readable under an absolute path. Without it remote files are refused. */
  fetchRemote?(
    address: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly ok: true; readonly uri: string } | { readonly ok: false; readonly reason: string }>;
}
