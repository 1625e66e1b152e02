import type { BuildConfig } from './build.ts';
import type { DeployConfig, DeviceRequest } from './deploy.ts';
import type { Extensible, Named } from './extension.ts';
import type { FileReference } from './file-reference.ts';
import type { Healthcheck } from './healthcheck.ts';
import type { ServiceNetwork } from './service-network.ts';
import type {
  BlkioConfig,
  CredentialSpec,
  DevelopConfig,
  DeviceMapping,
  EnvFile,
  LoggingConfig,
  ServiceDependency,
  ServiceHook,
  ServiceModel,
  ServiceProvider,
} from './service-parts.ts';
import type { ServicePort } from './service-port.ts';
import type { ServiceVolume } from './service-volume.ts';
import type { Ulimits } from './ulimits.ts';

/**
 * A service in canonical long form, spelled as `docker compose config --format json` prints it: an absent key has Go's zero
 * value, durations are Go durations (`1m30s`), byte sizes decimal strings.
 */
export interface Service extends Extensible {
  readonly profiles?: readonly string[];
  readonly annotations?: Named<string>;
  readonly attach?: boolean;
  readonly build?: BuildConfig;
  readonly develop?: DevelopConfig;
  readonly blkio_config?: BlkioConfig;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cgroup_parent?: string;
  readonly cgroup?: string;
  readonly cpu_count?: number;
  readonly cpu_percent?: number;
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_rt_period?: number;
  readonly cpu_rt_runtime?: number;
  readonly cpus?: number;
  readonly cpuset?: string;
  readonly cpu_shares?: number;
  /** null: the image's own; empty: none at all. */
  readonly command: readonly string[] | null;
  readonly configs?: readonly FileReference[];
  readonly container_name?: string;
  readonly credential_spec?: CredentialSpec;
  readonly depends_on?: Named<ServiceDependency>;
  readonly deploy?: DeployConfig;
  readonly device_cgroup_rules?: readonly string[];
  readonly devices?: readonly DeviceMapping[];
  readonly dns?: readonly string[];
  readonly dns_opt?: readonly string[];
  readonly dns_search?: readonly string[];
  readonly dockerfile?: string;
  readonly domainname?: string;
  /** null: the image's own; empty: none at all. */
  readonly entrypoint: readonly string[] | null;
  readonly provider?: ServiceProvider;
  /** Complete: env files are read, bare names resolved. null: the variable is unset in the container. */
  readonly environment?: Named<string | null>;
  /** Absent after a full load: its variables are in `environment`. */
  readonly env_file?: readonly EnvFile[];
  readonly expose?: readonly string[];
  /** Only where a service extends an empty one. */
  readonly extends?: { readonly file?: string; readonly service?: string };
  readonly external_links?: readonly string[];
  /** `host=ip`, sorted. */
  readonly extra_hosts?: readonly string[];
  readonly group_add?: readonly string[];
  readonly gpus?: readonly DeviceRequest[];
  readonly hostname?: string;
  readonly healthcheck?: Healthcheck;
  readonly image?: string;
  readonly init?: boolean;
  readonly ipc?: string;
  readonly isolation?: string;
  readonly labels?: Named<string>;
  /** Absolute paths. What they hold is in `labels` after a full load. */
  readonly label_file?: readonly string[];
  readonly links?: readonly string[];
  readonly logging?: LoggingConfig;
  readonly log_driver?: string;
  readonly log_opt?: Named<string>;
  readonly mem_limit?: string;
  readonly mem_reservation?: string;
  readonly memswap_limit?: string;
  readonly mem_swappiness?: string;
  readonly mac_address?: string;
  /** null: the default variable names. */
  readonly models?: Named<ServiceModel | null>;
  readonly net?: string;
  readonly network_mode?: string;
  /** null: joined with nothing special. Absent with `network_mode`. */
  readonly networks?: Named<ServiceNetwork | null>;
  readonly oom_kill_disable?: true;
  readonly oom_score_adj?: number;
  readonly pid?: string;
  readonly pids_limit?: number;
  readonly platform?: string;
  readonly ports?: readonly ServicePort[];
  readonly privileged?: true;
  readonly pull_policy?: string;
  readonly read_only?: true;
  readonly restart?: string;
  readonly runtime?: string;
  readonly scale?: number;
  readonly secrets?: readonly FileReference[];
  readonly security_opt?: readonly string[];
  readonly shm_size?: string;
  readonly stdin_open?: true;
  readonly stop_grace_period?: string;
  readonly stop_signal?: string;
  readonly storage_opt?: Named<string>;
  readonly sysctls?: Named<string>;
  readonly tmpfs?: readonly string[];
  readonly tty?: true;
  readonly ulimits?: Ulimits;
  readonly use_api_socket?: true;
  readonly user?: string;
  readonly userns_mode?: string;
  readonly uts?: string;
  readonly volume_driver?: string;
  readonly volumes?: readonly ServiceVolume[];
  readonly volumes_from?: readonly string[];
  readonly working_dir?: string;
  readonly post_start?: readonly ServiceHook[];
  readonly pre_stop?: readonly ServiceHook[];
  readonly pre_start?: readonly ServiceHook[];
}
