import type { Extensible, Named } from './extension.ts';

/** A volume of the project. */
export interface Volume extends Extensible {
  /** The name in the engine, `<project>_<key>` unless set. */
  readonly name?: string;
  readonly driver?: string;
  readonly driver_opts?: Named<string>;
  readonly external?: true;
  readonly labels?: Named<string>;
}
