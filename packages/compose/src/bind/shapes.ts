import type { BuildConfig } from '../model/build.ts';
import type {
  DeployConfig,
  DeviceRequest,
  GenericResource,
  Placement,
  Resource,
  Resources,
  RestartPolicy,
  UpdateConfig,
} from '../model/deploy.ts';
import type { FileObject } from '../model/file-object.ts';
import type { FileReference } from '../model/file-reference.ts';
import type { Healthcheck } from '../model/healthcheck.ts';
import type { Model } from '../model/model-runner.ts';
import type { Ipam, IpamPool, Network } from '../model/network.ts';
import type { ServiceNetwork } from '../model/service-network.ts';
import type {
  BlkioConfig,
  CredentialSpec,
  DevelopConfig,
  DeviceMapping,
  LoggingConfig,
  ServiceDependency,
  ServiceHook,
  ServiceModel,
  ServiceProvider,
  WatchTrigger,
} from '../model/service-parts.ts';
import type { ServicePort } from '../model/service-port.ts';
import type {
  ServiceVolume,
  ServiceVolumeBind,
  ServiceVolumeImage,
  ServiceVolumeTmpfs,
  ServiceVolumeVolume,
} from '../model/service-volume.ts';
import type { Volume } from '../model/volume.ts';
import { of, shape } from './field.ts';

const string = of('string');
const strings = of('strings');
const stringList = of('string-list');
const bool = of('bool');
const int = of('int');
const bytes = of('bytes');
const mapping = of('mapping');
const options = of('options');
const optionalDuration = of('optional-duration');

export const fileReferenceShape = shape<FileReference>({
  source: string,
  target: string,
  uid: string,
  gid: string,
  mode: of('file-mode'),
});

export const fileObjectShape = shape<FileObject>({
  name: string,
  file: string,
  environment: string,
  content: string,
  external: bool,
  labels: mapping,
  driver: string,
  driver_opts: of('string-map'),
  template_driver: string,
});

export const buildShape = shape<BuildConfig>({
  context: string,
  dockerfile: string,
  dockerfile_inline: string,
  entitlements: strings,
  args: of('environment'),
  provenance: string,
  sbom: string,
  ssh: of('ssh'),
  labels: mapping,
  cache_from: stringList,
  cache_to: stringList,
  no_cache: bool,
  no_cache_filter: stringList,
  additional_contexts: mapping,
  pull: bool,
  extra_hosts: of('hosts'),
  isolation: string,
  network: string,
  target: string,
  secrets: { kind: 'struct-list', shape: fileReferenceShape },
  shm_size: bytes,
  tags: stringList,
  ulimits: of('ulimits'),
  platforms: stringList,
  privileged: bool,
});

export const hookShape = shape<ServiceHook>({
  command: { type: of('command'), zero: true },
  image: string,
  user: string,
  privileged: bool,
  working_dir: string,
  environment: of('environment'),
  per_replica: bool,
});

const watchShape = shape<WatchTrigger>({
  path: { type: string, zero: true },
  action: { type: string, zero: true },
  target: string,
  exec: { kind: 'struct', shape: hookShape, always: true },
  include: strings,
  ignore: strings,
  initial_sync: bool,
});

export const developShape = shape<DevelopConfig>({ watch: { kind: 'struct-list', shape: watchShape } });

interface WeightDeviceKeys {
  readonly path: string;
  readonly weight: number;
}

interface ThrottleDeviceKeys {
  readonly path: string;
  readonly rate: string;
}

const weightDeviceShape = shape<WeightDeviceKeys>({
  path: { type: string, json: 'Path', zero: true },
  weight: { type: { kind: 'uint', bits: 16 }, json: 'Weight', zero: true },
});

const throttleDeviceShape = shape<ThrottleDeviceKeys>({
  path: { type: string, json: 'Path', zero: true },
  rate: { type: bytes, json: 'Rate', zero: true },
});

export const blkioShape = shape<BlkioConfig>({
  weight: { kind: 'uint', bits: 16 },
  weight_device: { kind: 'struct-list', shape: weightDeviceShape },
  device_read_bps: { kind: 'struct-list', shape: throttleDeviceShape },
  device_read_iops: { kind: 'struct-list', shape: throttleDeviceShape },
  device_write_bps: { kind: 'struct-list', shape: throttleDeviceShape },
  device_write_iops: { kind: 'struct-list', shape: throttleDeviceShape },
});

export const credentialSpecShape = shape<CredentialSpec>({ config: string, file: string, registry: string });

export const dependencyShape = shape<ServiceDependency>({
  condition: string,
  restart: bool,
  required: { type: bool, zero: true },
});

export const deviceRequestShape = shape<DeviceRequest>(
  { capabilities: strings, driver: string, count: of('device-count'), device_ids: strings, options: mapping },
  { extensible: false },
);

const discreteResourceShape = shape<{ readonly kind: string; readonly value: number }>({
  kind: { type: string, zero: true },
  value: { type: int, zero: true },
});

const genericResourceShape = shape<GenericResource>({
  discrete_resource_spec: { kind: 'struct', shape: discreteResourceShape },
});

const resourceShape = shape<Resource>({
  cpus: of('cpus'),
  memory: bytes,
  pids: int,
  devices: { kind: 'struct-list', shape: deviceRequestShape },
  generic_resources: { kind: 'struct-list', shape: genericResourceShape },
});

const resourcesShape = shape<Resources>({
  limits: { kind: 'struct', shape: resourceShape },
  reservations: { kind: 'struct', shape: resourceShape },
});

const updateShape = shape<UpdateConfig>({
  parallelism: of('optional-uint'),
  delay: of('duration'),
  failure_action: string,
  monitor: of('duration'),
  max_failure_ratio: of('float'),
  order: string,
});

const restartPolicyShape = shape<RestartPolicy>({
  condition: string,
  delay: optionalDuration,
  max_attempts: of('optional-uint'),
  window: optionalDuration,
});

const placementShape = shape<Placement>({
  constraints: strings,
  preferences: { kind: 'struct-list', shape: shape<{ readonly spread?: string }>({ spread: string }) },
  max_replicas_per_node: { kind: 'uint', bits: 64 },
});

export const deployShape = shape<DeployConfig>({
  mode: string,
  replicas: of('optional-int'),
  labels: mapping,
  update_config: { kind: 'struct', shape: updateShape },
  rollback_config: { kind: 'struct', shape: updateShape },
  resources: { kind: 'struct', shape: resourcesShape, always: true },
  restart_policy: { kind: 'struct', shape: restartPolicyShape },
  placement: { kind: 'struct', shape: placementShape, always: true },
  endpoint_mode: string,
});

export const deviceMappingShape = shape<DeviceMapping>({ source: string, target: string, permissions: string });

export const providerShape = shape<ServiceProvider>({ type: string, options: of('multi-options') });

export const healthcheckShape = shape<Healthcheck>({
  test: of('health-test'),
  timeout: optionalDuration,
  interval: optionalDuration,
  retries: of('optional-uint'),
  start_period: optionalDuration,
  start_interval: optionalDuration,
  disable: bool,
});

export const loggingShape = shape<LoggingConfig>({ driver: string, options });

export const serviceModelShape = shape<ServiceModel>({ endpoint_var: string, model_var: string });

export const serviceNetworkShape = shape<ServiceNetwork>({
  aliases: strings,
  driver_opts: options,
  gw_priority: int,
  interface_name: string,
  ipv4_address: string,
  ipv6_address: string,
  link_local_ips: strings,
  mac_address: string,
  priority: int,
});

export const portShape = shape<ServicePort>({
  name: string,
  mode: string,
  host_ip: string,
  target: { kind: 'uint', bits: 32 },
  published: string,
  protocol: string,
  app_protocol: string,
});

const bindShape = shape<ServiceVolumeBind>({
  selinux: string,
  propagation: string,
  create_host_path: bool,
  recursive: string,
});

const volumeVolumeShape = shape<ServiceVolumeVolume>({ labels: mapping, nocopy: bool, subpath: string });
const tmpfsShape = shape<ServiceVolumeTmpfs>({ size: bytes, mode: { kind: 'uint', bits: 32 } });
const imageShape = shape<ServiceVolumeImage>({ subpath: string });

export const serviceVolumeShape = shape<ServiceVolume>({
  type: string,
  source: string,
  target: string,
  read_only: bool,
  consistency: string,
  bind: { kind: 'struct', shape: bindShape },
  volume: { kind: 'struct', shape: volumeVolumeShape },
  tmpfs: { kind: 'struct', shape: tmpfsShape },
  image: { kind: 'struct', shape: imageShape },
});

const ipamPoolShape = shape<IpamPool>(
  { subnet: string, gateway: string, ip_range: string, aux_addresses: mapping },
  { extensible: false },
);

const ipamShape = shape<Ipam>({ driver: string, config: { kind: 'struct-list', shape: ipamPoolShape } });

export const networkShape = shape<Network>({
  name: string,
  driver: string,
  driver_opts: options,
  ipam: { kind: 'struct', shape: ipamShape, always: true },
  external: bool,
  internal: bool,
  attachable: bool,
  labels: mapping,
  enable_ipv4: of('optional-bool'),
  enable_ipv6: of('optional-bool'),
});

export const volumeShape = shape<Volume>({
  name: string,
  driver: string,
  driver_opts: options,
  external: bool,
  labels: mapping,
});

export const modelShape = shape<Model>({ name: string, model: string, context_size: int, runtime_flags: strings });
