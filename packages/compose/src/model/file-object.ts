import type { Extensible, Named } from './extension.ts';

/**
 * A secret or config of the project. Exactly one of `file`, `environment`, `content` says where it comes from, unless it
 * is external or has a driver. What a variable holds is never here: see `FileContents`.
 */
export interface FileObject extends Extensible {
  /** The name in the engine, `<project>_<key>` unless set. */
  readonly name?: string;
  /** Absolute path. */
  readonly file?: string;
  /** The variable that holds the content. */
  readonly environment?: string;
  /** Content written in the file itself; configs only. */
  readonly content?: string;
  readonly external?: true;
  readonly labels?: Named<string>;
  readonly driver?: string;
  readonly driver_opts?: Named<string>;
  readonly template_driver?: string;
}

/** The contents that come from variables or are written inline, by key. Kept apart so that nothing prints, hashes or logs them. */
export interface FileContents {
  readonly secrets: ReadonlyMap<string, string>;
  readonly configs: ReadonlyMap<string, string>;
}
