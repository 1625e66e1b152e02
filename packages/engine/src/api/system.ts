import type { CallOptions } from '../call-options.ts';
import type { RegistryAuth } from '../model/image.ts';
import type { DiskUsage, EngineInfo, EnginePing, EngineVersion } from '../model/system.ts';

export interface EngineSystem {
  ping(options?: CallOptions): Promise<EnginePing>;
  version(options?: CallOptions): Promise<EngineVersion>;
  info(options?: CallOptions): Promise<EngineInfo>;
  /** Asks a registry, by way of the engine, whether it takes these credentials; fails `unauthorized` when not. */
  checkRegistryAuth(auth: RegistryAuth, options?: CallOptions): Promise<void>;
  /** What uses the disk. Reading sizes takes the engine long; `types` narrows it from API 1.42 on. */
  df(
    options?: CallOptions & { readonly types?: readonly ('container' | 'image' | 'volume' | 'build-cache')[] },
  ): Promise<DiskUsage>;
}
