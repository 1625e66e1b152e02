import type { Extensible } from './extension.ts';

/** How a service (or a build) uses a secret or a config. */
export interface FileReference extends Extensible {
  /** The key below the project's `secrets` or `configs`. */
  readonly source?: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  /** Octal text with a leading zero, such as `0440`. */
  readonly mode?: string;
}
