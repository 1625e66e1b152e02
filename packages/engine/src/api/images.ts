import type { CallOptions, Filters } from '../call-options.ts';
import type { BuildProgress, BuildRequest } from '../model/build.ts';
import type {
  ImageInspect,
  ImageLayer,
  ImageRemoval,
  ImageSummary,
  RegistryAuth,
  TransferProgress,
} from '../model/image.ts';
import type { ByteSource, ByteStream } from '../model/stream.ts';
import type { PruneReport } from '../model/system.ts';

export interface PullOptions extends CallOptions {
  readonly platform?: string | undefined;
  readonly auth?: RegistryAuth | undefined;
}

/** The images of one engine. `image` is an id or a reference. */
export interface EngineImages {
  list(
    options?: CallOptions & { readonly all?: boolean; readonly filters?: Filters; readonly digests?: boolean },
  ): Promise<readonly ImageSummary[]>;
  /** `manifests` fills `Manifests` from API 1.48 on and is left out before. */
  inspect(image: string, options?: CallOptions & { readonly manifests?: boolean }): Promise<ImageInspect>;
  /**
   * Pulls one reference (`latest` when it names no tag). The pull runs while it is read; what goes wrong is thrown from
   * the iteration, also after progress: `not-found`, `unauthorized` or `server`. Leaving the loop ends the pull.
   */
  pull(reference: string, options?: PullOptions): AsyncIterable<TransferProgress>;
  push(reference: string, options?: PullOptions): AsyncIterable<TransferProgress>;
  tag(image: string, reference: string, options?: CallOptions): Promise<void>;
  remove(
    image: string,
    options?: CallOptions & { readonly force?: boolean; readonly noPrune?: boolean },
  ): Promise<readonly ImageRemoval[]>;
  load(archive: ByteSource, options?: CallOptions & { readonly quiet?: boolean }): AsyncIterable<TransferProgress>;
  save(images: readonly string[], options?: CallOptions & { readonly platform?: string }): Promise<ByteStream>;
  /** Builds an image; what goes wrong is thrown from the iteration. Its id comes last, as `{ type: 'built' }`. */
  build(request: BuildRequest, options?: CallOptions): AsyncIterable<BuildProgress>;
  /** Removes unused images: untagged ones, or with `dangling: ['false']` all. */
  prune(options?: CallOptions & { readonly filters?: Filters }): Promise<PruneReport>;
  /** Removes build results that nothing uses; with `all` also those that a later build could reuse. */
  pruneBuildCache(options?: CallOptions & { readonly all?: boolean; readonly filters?: Filters }): Promise<PruneReport>;
  history(image: string, options?: CallOptions): Promise<readonly ImageLayer[]>;
}
