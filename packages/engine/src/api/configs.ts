import type { ConfigId } from '@drover/base';
import type { CallOptions, Filters } from '../call-options.ts';
import type { ConfigInspect, ConfigSpec } from '../model/secret.ts';

/** The configs of the Swarm, asked of a manager. `config` is an id, a unique prefix of one, or a name. */
export interface EngineConfigs {
  /** Filters: `id`, `name`, `names`, `label`. */
  list(options?: CallOptions & { readonly filters?: Filters }): Promise<readonly ConfigInspect[]>;
  inspect(config: string, options?: CallOptions): Promise<ConfigInspect>;
  /** Fails `conflict` when the name is taken. */
  create(spec: ConfigSpec, options?: CallOptions): Promise<ConfigId>;
  /** Replaces the labels, all that may change; `spec` names the config. Fails `version-conflict` when it has changed since. */
  update(
    config: string,
    version: number,
    spec: Pick<ConfigSpec, 'Name' | 'Labels'>,
    options?: CallOptions,
  ): Promise<void>;
  /** Fails `bad-request` (`… is in use by the following service: …`) while a service names it. */
  remove(config: string, options?: CallOptions): Promise<void>;
}
