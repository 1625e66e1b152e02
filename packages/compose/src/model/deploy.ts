import type { Extensible, Named } from './extension.ts';

export interface DeployConfig extends Extensible {
  readonly mode?: string;
  readonly replicas?: number;
  readonly labels?: Named<string>;
  readonly update_config?: UpdateConfig;
  readonly rollback_config?: UpdateConfig;
  readonly resources: Resources;
  readonly restart_policy?: RestartPolicy;
  readonly placement: Placement;
  readonly endpoint_mode?: string;
}

export interface UpdateConfig extends Extensible {
  readonly parallelism?: number;
  readonly delay?: string;
  readonly failure_action?: string;
  readonly monitor?: string;
  readonly max_failure_ratio?: number;
  readonly order?: string;
}

export interface Resources extends Extensible {
  readonly limits?: Resource;
  readonly reservations?: Resource;
}

export interface Resource extends Extensible {
  /** In cores, rounded to single precision as docker compose does. */
  readonly cpus?: number;
  /** Bytes in decimal. */
  readonly memory?: string;
  readonly pids?: number;
  readonly devices?: readonly DeviceRequest[];
  readonly generic_resources?: readonly GenericResource[];
}

export interface GenericResource extends Extensible {
  readonly discrete_resource_spec?: { readonly kind: string; readonly value: number } & Extensible;
}

/** A request for devices by driver and capability (GPUs). `count` -1 means all. */
export interface DeviceRequest {
  readonly capabilities?: readonly string[];
  readonly driver?: string;
  readonly count?: number;
  readonly device_ids?: readonly string[];
  readonly options?: Named<string>;
}

export interface RestartPolicy extends Extensible {
  readonly condition?: string;
  readonly delay?: string;
  readonly max_attempts?: number;
  readonly window?: string;
}

export interface Placement extends Extensible {
  readonly constraints?: readonly string[];
  readonly preferences?: readonly ({ readonly spread?: string } & Extensible)[];
  readonly max_replicas_per_node?: number;
}
