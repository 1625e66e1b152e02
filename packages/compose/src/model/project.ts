import type { Extensible, Named } from './extension.ts';
import type { FileObject } from './file-object.ts';
import type { Model } from './model-runner.ts';
import type { Network } from './network.ts';
import type { Service } from './service.ts';
import type { Volume } from './volume.ts';

/**
 * What a set of Compose files means, in canonical form: merged, interpolated, normalised, with absolute paths. Data only.
 * The snake_case parts are the document that `docker compose config` prints (before it drops unused resources and doubles `$`).
 */
export interface Project extends Extensible {
  readonly name: string;
  /** The active services. */
  readonly services: Named<Service>;
  readonly networks: Named<Network>;
  readonly volumes: Named<Volume>;
  readonly secrets: Named<FileObject>;
  readonly configs: Named<FileObject>;
  readonly models: Named<Model>;
  /** Services whose profile is not active. */
  readonly disabledServices: Named<Service>;
  /** The active profiles. */
  readonly profiles: readonly string[];
  /** Absolute. Relative paths of the files were resolved against it. */
  readonly workingDir: string;
  /** The files as they were given, absolute, `-` for standard input. */
  readonly composeFiles: readonly string[];
}
