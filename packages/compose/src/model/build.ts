import type { Extensible, Named } from './extension.ts';
import type { FileReference } from './file-reference.ts';
import type { Ulimits } from './ulimits.ts';

/** How the image of a service is built. */
export interface BuildConfig extends Extensible {
  /** Absolute path or URL. */
  readonly context?: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly entitlements?: readonly string[];
  /** null: taken from the builder's own environment. */
  readonly args?: Named<string | null>;
  readonly provenance?: string;
  readonly sbom?: string;
  readonly ssh?: readonly SshKey[];
  readonly labels?: Named<string>;
  readonly cache_from?: readonly string[];
  readonly cache_to?: readonly string[];
  readonly no_cache?: true;
  /** Build stages that are built without cache. */
  readonly no_cache_filter?: readonly string[];
  /** Name to path, URL or `service:NAME`. */
  readonly additional_contexts?: Named<string>;
  readonly pull?: true;
  /** `host=ip`, sorted. */
  readonly extra_hosts?: readonly string[];
  readonly isolation?: string;
  readonly network?: string;
  readonly target?: string;
  readonly secrets?: readonly FileReference[];
  /** Bytes in decimal. */
  readonly shm_size?: string;
  readonly tags?: readonly string[];
  readonly ulimits?: Ulimits;
  readonly platforms?: readonly string[];
  readonly privileged?: true;
}

/** `id`, or `id: path`, as docker compose prints it. */
export type SshKey = string;
