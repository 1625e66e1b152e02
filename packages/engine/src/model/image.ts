import type { ImageId } from '@drover/base';
import type { ManifestDescriptor } from './container.ts';
import type { HealthConfig } from './health.ts';
import type { KeySet, StringMap, Wire } from './wire.ts';

/** What an image gives its containers. */
export type ImageConfig = Wire<{
  User: string;
  ExposedPorts: KeySet;
  Env: readonly string[];
  Cmd: readonly string[];
  Healthcheck: HealthConfig;
  ArgsEscaped: boolean;
  Volumes: KeySet;
  WorkingDir: string;
  Entrypoint: readonly string[];
  OnBuild: readonly string[];
  Labels: StringMap;
  StopSignal: string;
  Shell: readonly string[];
}>;

export interface ImageManifest {
  readonly ID: string;
  readonly Descriptor: ManifestDescriptor;
  readonly Available: boolean;
  readonly Kind: 'image' | 'attestation' | 'unknown';
  readonly ImageData?: {
    readonly Platform: { readonly architecture: string; readonly os: string; readonly variant?: string };
    readonly Containers?: readonly string[] | null;
  } | null;
}

/** `GET /images/{name}/json`. */
export interface ImageInspect {
  readonly Id: ImageId;
  /** The containerd image store of API 1.48 only. */
  readonly Descriptor?: ManifestDescriptor | null;
  /** With `manifests`, API 1.48. */
  readonly Manifests?: readonly ImageManifest[] | null;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  readonly Created?: string | null;
  readonly Author?: string;
  readonly Config: ImageConfig | null;
  readonly Architecture: string;
  readonly Variant?: string | null;
  readonly Os: string;
  readonly OsVersion?: string | null;
  /** Bytes. */
  readonly Size: number;
  readonly RootFS: { readonly Type: string; readonly Layers?: readonly string[] | null };
  readonly Metadata?: { readonly LastTagTime?: string | null };
}

/** One line of `GET /images/json`. */
export interface ImageSummary {
  readonly Id: ImageId;
  readonly ParentId: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Size: number;
  /** -1 where it was not worked out. */
  readonly SharedSize: number;
  readonly Labels: StringMap | null;
  /** -1 where it was not counted. */
  readonly Containers: number;
  readonly Manifests?: readonly ImageManifest[] | null;
  readonly Descriptor?: ManifestDescriptor | null;
}

export interface ImageLayer {
  readonly Id: string;
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Tags: readonly string[] | null;
  readonly Size: number;
  readonly Comment: string;
}

export type ImageRemoval = { readonly Untagged: string } | { readonly Deleted: string };

/** One line that the engine writes while it pulls, pushes or loads. Errors do not come this way; they are thrown. */
export interface TransferProgress {
  /** The layer, or absent for the whole. */
  readonly id?: string;
  /** In words: `Downloading`, `Pull complete`. */
  readonly status?: string;
  /** Bytes (or, with `units`, something else). */
  readonly progressDetail?: { readonly current?: number; readonly total?: number; readonly units?: string } | null;
  readonly stream?: string;
  readonly aux?: unknown;
}

/** What a registry has under a reference. */
export interface RemoteImage {
  /** Its `digest` pins the reference. */
  readonly Descriptor: ManifestDescriptor;
  readonly Platforms:
    | readonly { readonly architecture: string; readonly os: string; readonly variant?: string }[]
    | null;
}

/** What a registry asks of a client; `identitytoken` stands in for a password. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
  readonly email?: string;
  readonly serveraddress?: string;
}
