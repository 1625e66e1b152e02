import type { CallOptions, Filters } from '../call-options.ts';
import type { PruneReport } from '../model/system.ts';
import type { VolumeCreateBody, VolumeInspect, VolumeList } from '../model/volume.ts';

/** The volumes of one engine, by name. */
export interface EngineVolumes {
  list(options?: CallOptions & { readonly filters?: Filters }): Promise<VolumeList>;
  inspect(name: string, options?: CallOptions): Promise<VolumeInspect>;
  /** Answers the volume that stands there when the name exists with the same driver; `conflict` with another one. */
  create(body: VolumeCreateBody, options?: CallOptions): Promise<VolumeInspect>;
  /** Fails `conflict` while a container uses it. */
  remove(name: string, options?: CallOptions & { readonly force?: boolean }): Promise<void>;
  /** Removes unused anonymous volumes; named ones too with `all: ['true']` and, before API 1.42, always. */
  prune(options?: CallOptions & { readonly filters?: Filters }): Promise<PruneReport>;
}
