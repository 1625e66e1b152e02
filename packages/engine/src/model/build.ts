import type { ImageId } from '@drover/base';
import type { RegistryAuth } from './image.ts';

/**
 * A build of one image. Paths are absolute paths on Drover's own machine unless said otherwise; keeping them inside what
 * the user may read is the caller's matter.
 */
export interface BuildRequest {
  /** An absolute folder, whose `.dockerignore` is honoured, or a URL (`https://`, `git@`, `git://`, `ssh://`) that the engine fetches. */
  readonly context: string;
  /** Relative to the context, or absolute; default `Dockerfile`. */
  readonly dockerfile?: string | undefined;
  /** The text of the Dockerfile, instead of a file. */
  readonly dockerfileInline?: string | undefined;
  readonly tags: readonly string[];
  /** A `null` is left out, so that the Dockerfile's default stands. */
  readonly args?: { readonly [name: string]: string | null } | undefined;
  readonly target?: string | undefined;
  readonly labels?: { readonly [name: string]: string } | undefined;
  readonly cacheFrom?: readonly string[] | undefined;
  readonly network?: string | undefined;
  /** `name:address`. */
  readonly extraHosts?: readonly string[] | undefined;
  /** Bytes. */
  readonly shmSize?: number | undefined;
  readonly platform?: string | undefined;
  readonly noCache?: boolean | undefined;
  /** Always asks the registry for newer base images. */
  readonly pull?: boolean | undefined;
  /** By registry host; Docker Hub is `https://index.docker.io/v1/`. */
  readonly registryAuth?: { readonly [registry: string]: RegistryAuth } | undefined;

  /** What only buildx can do; without it the build fails `unsupported` and names the field. */
  readonly additionalContexts?: { readonly [name: string]: string } | undefined;
  readonly cacheTo?: readonly string[] | undefined;
  readonly secrets?: readonly BuildSecret[] | undefined;
  readonly ssh?: readonly string[] | undefined;
  readonly privileged?: boolean | undefined;
  /** `network.host`, `security.insecure`. */
  readonly entitlements?: readonly string[] | undefined;
  /** Stages that are built without the cache. */
  readonly noCacheFilter?: readonly string[] | undefined;
  /** `true`, `false`, or settings such as `mode=max`. */
  readonly provenance?: string | undefined;
  /** `true`, `false`, or settings such as `generator=IMAGE`. */
  readonly sbom?: string | undefined;
  readonly ulimits?: { readonly [name: string]: { readonly soft: number; readonly hard: number } } | undefined;
}

export type BuildSecret =
  | { readonly id: string; readonly file: string }
  | { readonly id: string; readonly value: string };

export type BuildProgress =
  /** A line for people, without its newline. */
  | { readonly type: 'line'; readonly text: string }
  /** The end: the image is in the engine under its tags. */
  | { readonly type: 'built'; readonly imageId: ImageId };
