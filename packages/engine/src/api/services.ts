import type { CallOptions, Filters } from '../call-options.ts';
import type { RegistryAuth } from '../model/image.ts';
import type { ServiceCreated, ServiceInspect, ServiceSpec } from '../model/service.ts';
import type { TaskOutputLine } from '../model/task.ts';

export interface TaskLogOptions extends CallOptions {
  readonly follow?: boolean;
  /** The last lines of each task; absent is all. */
  readonly tail?: number;
  /** Seconds since 1970, with a fraction where needed: `1700000000.000000001`. */
  readonly since?: string | number;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  /** Whether the containers have a terminal; asked of the engine (API 1.41 only) when absent. */
  readonly tty?: boolean;
}

/**
 * The services of the Swarm, asked of a manager. `service` is an id, a unique prefix of one, or a name.
 * The engine is never let ask a registry for a digest (it does so for API versions below 1.30 only, which we do not speak):
 * the spec is kept as sent, so pin the image before.
 */
export interface EngineServices {
  /** Filters: `id`, `name`, `label`, `mode`, `runtime`. `status` fills `ServiceStatus`. */
  list(
    options?: CallOptions & { readonly filters?: Filters; readonly status?: boolean },
  ): Promise<readonly ServiceInspect[]>;
  /** `insertDefaults` fills in what Swarm takes for absent fields. */
  inspect(service: string, options?: CallOptions & { readonly insertDefaults?: boolean }): Promise<ServiceInspect>;
  /**
   * Fails `conflict` when the name is taken, and `bad-request` for a spec that cannot be: a published port that another
   * service has, a secret or config that is not there, a constraint or template that makes no sense.
   * `registryAuth` travels to every node that pulls the image.
   */
  create(
    spec: ServiceSpec,
    options?: CallOptions & { readonly registryAuth?: RegistryAuth | undefined },
  ): Promise<ServiceCreated>;
  /**
   * Replaces the spec of the state with this version, and answers warnings. Fails `version-conflict` when it has changed
   * since, and `unsupported` for another name or kind of mode.
   * Without `registryAuth` the credentials are kept, of the spec before or (`registryAuthFrom`) the one before that.
   * `rollback: 'previous'` goes back to the previous spec, whatever spec is sent.
   */
  update(
    service: string,
    version: number,
    spec: ServiceSpec,
    options?: CallOptions & {
      readonly registryAuth?: RegistryAuth | undefined;
      readonly registryAuthFrom?: 'spec' | 'previous-spec';
      readonly rollback?: 'previous';
    },
  ): Promise<readonly string[]>;
  /** Removes it; its tasks end after this call has returned. */
  remove(service: string, options?: CallOptions): Promise<void>;
  /**
   * The lines of all its tasks. Those of one task are in order, those of several are not; merge them by `time`.
   * Lines of tasks on nodes that are not there are missing, and what goes wrong there is thrown after the others' lines.
   */
  logs(service: string, options?: TaskLogOptions): AsyncIterable<TaskOutputLine>;
}
