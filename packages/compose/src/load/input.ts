import type { Limits } from './limits.ts';
import type { ResourceReader } from './reader.ts';

/** A top-level Compose file. With `text` it is not read: an editor's buffer, standard input. */
export interface ComposeFile {
  /** Absolute path, or `-`. */
  readonly uri: string;
  readonly text?: string;
}

/** The stages that may be left out, for `config --no-…` and for validation of fragments. */
export interface SkippedStages {
  readonly interpolate?: boolean;
  readonly normalize?: boolean;
  readonly resolvePaths?: boolean;
  readonly consistency?: boolean;
  /** Env and label files stay references. */
  readonly resolveEnvironment?: boolean;
}

/** Everything `load` depends on. There is no ambient input: no process environment, no current directory, no clock. */
export interface LoadInput {
  readonly files: readonly ComposeFile[];
  /** Absolute directory against which relative paths are resolved. */
  readonly workingDir: string;
  /** The variables for interpolation, complete (`.env` included). */
  readonly environment: Readonly<Record<string, string>>;
  /** For `~`. */
  readonly home?: string;
  /** Without a name, the files' `name` or else the name of the working directory is taken. */
  readonly projectName?: string;
  /** Active profiles; `*` is all. */
  readonly profiles?: readonly string[];
  /** Only these services and what they depend on; their profiles become active. */
  readonly services?: readonly string[];
  readonly reader: ResourceReader;
  readonly limits?: Partial<Limits>;
  readonly skip?: SkippedStages;
  readonly signal?: AbortSignal;
}
