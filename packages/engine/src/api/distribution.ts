import type { CallOptions } from '../call-options.ts';
import type { RegistryAuth, RemoteImage } from '../model/image.ts';

/** What registries have, without pulling it. */
export interface EngineDistribution {
  /**
   * The digest and platforms that a reference stands for now. The engine asks the registry itself, no mirror.
   * Fails `not-found`, `unauthorized` or `forbidden`.
   */
  inspect(
    reference: string,
    options?: CallOptions & { readonly registryAuth?: RegistryAuth | undefined },
  ): Promise<RemoteImage>;
}
