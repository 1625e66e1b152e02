import type { CallOptions } from '../call-options.ts';
import type { DiskUsage, EngineInfo, EnginePing, EngineVersion } from '../model/system.ts';

export interface EngineSystem {
  ping(options?: CallOptions): Promise<EnginePing>;
  version(options?: CallOptions): Promise<EngineVersion>;
  info(options?: CallOptions): Promise<EngineInfo>;
  /** What uses the disk. Reading sizes takes the engine long; `types` narrows it from API 1.42 on. */
  df(
    options?: CallOptions & { readonly types?: readonly ('container' | 'image' | 'volume' | 'build-cache')[] },
  ): Promise<DiskUsage>;
}
