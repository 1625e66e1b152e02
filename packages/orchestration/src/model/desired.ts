import type { AcceptedField, Origin, Path, Project } from '@drover/compose';
import type { ImageConfig } from './container-body.ts';
import type { Platform } from './swarm/service-spec.ts';

/** The labels of a project that its files do not hold. */
export interface StackIdentity {
  /** The Compose project's name. */
  readonly name: string;
  /** Absolute; label `com.docker.compose.project.working_dir`. */
  readonly workingDir: string;
  /** Absolute, in order; label `com.docker.compose.project.config_files`. */
  readonly configFiles: readonly string[];
  /** Only those that were named explicitly; label `com.docker.compose.project.environment_file`. */
  readonly envFiles: readonly string[];
}

/** The image that a service runs, settled before anything is planned. */
export interface ServiceImage {
  /** As the file says it, or `<project>-<service>` for a built one. */
  readonly ref: string;
  /** The engine's id, `sha256:…`. */
  readonly id: string;
  /** The value of the label `com.docker.compose.image`. */
  readonly contentDigest: string;
  /** What the engine is asked to run: `ref` while that names `id`, else a reference that does (the id itself, a kept tag). */
  readonly runAs: string;
  readonly config: ImageConfig;
  /** The platforms that a registry says it is made for; absent where nobody was asked. */
  readonly platforms?: readonly Platform[];
}

/** The content of a secret or config that Drover puts into containers itself. */
export interface FileContent {
  readonly bytes: Uint8Array;
  /** Changes when the bytes do. It is shown in a label: make it with a key where the content is secret. */
  readonly version: string;
  /** The project's `file` holds these bytes on the engine's own machine, so that it may be bound instead. */
  readonly bindable?: true;
}

export interface DesiredContents {
  /** By key of the project. A file secret that is not here, or that is bindable and given no owner or mode, is bound from the host. */
  readonly secrets: ReadonlyMap<string, FileContent>;
  readonly configs: ReadonlyMap<string, FileContent>;
  /** Texts of files that a setting names and the engine wants inline (`security_opt: seccomp=PATH`), by the path as written. */
  readonly files: ReadonlyMap<string, string>;
}

/** A complete revision of a stack, ready to be planned. */
export interface Desired {
  readonly identity: StackIdentity;
  readonly revision: number;
  readonly project: Project;
  /** By service; every active service with an image has one. `hookImageKey` names those of hooks. */
  readonly images: ReadonlyMap<string, ServiceImage>;
  readonly contents: DesiredContents;
  /** `DOCKER_DEFAULT_PLATFORM` of the project's environment. */
  readonly defaultPlatform?: string;
  /** What is left out of the project knowingly. */
  readonly accepted?: readonly AcceptedField[];
  /** Where the files say so; for the messages of errors. */
  readonly provenance?: (path: Path) => Origin | undefined;
}
