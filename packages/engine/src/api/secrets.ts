import type { SecretId } from '@drover/base';
import type { CallOptions, Filters } from '../call-options.ts';
import type { SecretInspect, SecretSpec } from '../model/secret.ts';

/** The secrets of the Swarm, asked of a manager. `secret` is an id, a unique prefix of one, or a name. */
export interface EngineSecrets {
  /** Filters: `id`, `name`, `names`, `label`. */
  list(options?: CallOptions & { readonly filters?: Filters }): Promise<readonly SecretInspect[]>;
  inspect(secret: string, options?: CallOptions): Promise<SecretInspect>;
  /** Fails `conflict` when the name is taken. */
  create(spec: SecretSpec, options?: CallOptions): Promise<SecretId>;
  /** Replaces the labels, all that may change; `spec` names the secret. Fails `version-conflict` when it has changed since. */
  update(
    secret: string,
    version: number,
    spec: Pick<SecretSpec, 'Name' | 'Labels'>,
    options?: CallOptions,
  ): Promise<void>;
  /** Fails `bad-request` (`… is in use by the following service: …`) while a service names it. */
  remove(secret: string, options?: CallOptions): Promise<void>;
}
