import { InternalError } from '@drover/base';
import type { Project } from '@drover/compose';
import type { Engine, RegistryAuth } from '@drover/engine';
import type { ServiceImage } from '../model/desired.ts';

export type ImageEvent =
  | { readonly type: 'pulling' | 'building' | 'resolved'; readonly ref: string; readonly services: readonly string[] }
  | {
      readonly type: 'progress';
      readonly ref: string;
      readonly text: string;
      /** Bytes. */
      readonly current?: number;
      readonly total?: number;
    };

export interface ResolveImagesRequest {
  readonly engine: Engine;
  readonly project: Project;
  /** Instead of what each service says: `always` pulls, `never` takes what is there. Default: each service's own. */
  readonly policy?: 'always' | 'missing' | 'never';
  /** `always` builds every service that has a build, `never` none. Default: where the image is missing or `pull_policy: build`. */
  readonly build?: 'always' | 'missing' | 'never';
  /** Only these services. */
  readonly services?: readonly string[];
  /** The account for a registry host (`docker.io`, `registry.example.com:5000`). */
  readonly credentials?: (registry: string) => Promise<RegistryAuth | undefined>;
  readonly defaultPlatform?: string;
  /** Milliseconds since 1970, for `pull_policy: daily` and its likes. */
  readonly now: number;
  readonly parallel?: number;
  readonly onEvent?: (event: ImageEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Settles the image of every active service: pulls and builds what its policy asks for. */
export async function resolveImages(request: ResolveImagesRequest): Promise<ReadonlyMap<string, ServiceImage>> {
  throw new InternalError(`resolving the images of ${request.project.name}: not built yet`);
}
