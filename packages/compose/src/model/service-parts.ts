import type { Extensible, Named } from './extension.ts';

export type DependencyCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

export interface ServiceDependency extends Extensible {
  readonly condition?: DependencyCondition;
  /** Restart this service when the dependency is recreated. */
  readonly restart?: true;
  /** false: a missing or failed dependency is a warning. */
  readonly required: boolean;
}

export interface BlkioConfig extends Extensible {
  readonly weight?: number;
  readonly weight_device?: readonly WeightDevice[];
  readonly device_read_bps?: readonly ThrottleDevice[];
  readonly device_read_iops?: readonly ThrottleDevice[];
  readonly device_write_bps?: readonly ThrottleDevice[];
  readonly device_write_iops?: readonly ThrottleDevice[];
}

/** Docker compose prints these two with capital letters. */
export interface WeightDevice {
  readonly Path: string;
  readonly Weight: number;
}

/** `Rate` is bytes (or operations) a second, in decimal. */
export interface ThrottleDevice {
  readonly Path: string;
  readonly Rate: string;
}

export interface DeviceMapping extends Extensible {
  readonly source?: string;
  readonly target?: string;
  readonly permissions?: string;
}

export interface LoggingConfig extends Extensible {
  readonly driver?: string;
  readonly options?: Named<string>;
}

export interface CredentialSpec extends Extensible {
  readonly config?: string;
  readonly file?: string;
  readonly registry?: string;
}

/** A file with variables. A plain path is a required file. */
export type EnvFile = string | { readonly path?: string; readonly required: boolean; readonly format?: string };

/** A command run in a container at a moment of its life. */
export interface ServiceHook extends Extensible {
  readonly command: readonly string[] | null;
  /** Another image than the service's, for `pre_start`. */
  readonly image?: string;
  readonly user?: string;
  readonly privileged?: true;
  readonly working_dir?: string;
  readonly environment?: Named<string | null>;
  readonly per_replica?: true;
}

export type WatchAction = 'sync' | 'rebuild' | 'restart' | 'sync+restart' | 'sync+exec';

export interface WatchTrigger extends Extensible {
  readonly path: string;
  readonly action: WatchAction;
  readonly target?: string;
  readonly exec: ServiceHook;
  readonly include?: readonly string[];
  readonly ignore?: readonly string[];
  readonly initial_sync?: true;
}

export interface DevelopConfig extends Extensible {
  readonly watch?: readonly WatchTrigger[];
}

export interface ServiceProvider extends Extensible {
  readonly type?: string;
  readonly options?: Named<readonly string[]>;
}

export interface ServiceModel extends Extensible {
  readonly endpoint_var?: string;
  readonly model_var?: string;
}
