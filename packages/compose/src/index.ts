export type { Diagnostic, DiagnosticCode, Origin, Path, Severity } from './diagnostics/diagnostic.ts';
export type { ComposeFile, LoadInput, SkippedStages } from './load/input.ts';
export { defaultLimits, type Limits } from './load/limits.ts';
export type { ReadOutcome, ReadRefusal, Resource, ResourceReader } from './load/reader.ts';
export type { InputKind, LoadedInput, LoadFailure, LoadResult, LoadSuccess, VariableUse } from './load/result.ts';
export type { BuildConfig, SshKey } from './model/build.ts';
export type {
  DeployConfig,
  DeviceRequest,
  GenericResource,
  Placement,
  Resource as DeployResource,
  Resources,
  RestartPolicy,
  UpdateConfig,
} from './model/deploy.ts';
export type { Extensible, Named } from './model/extension.ts';
export type { FileContents, FileObject } from './model/file-object.ts';
export type { FileReference } from './model/file-reference.ts';
export type { Healthcheck } from './model/healthcheck.ts';
export type { Model } from './model/model-runner.ts';
export type { Ipam, IpamPool, Network } from './model/network.ts';
export type { Project } from './model/project.ts';
export type { Service } from './model/service.ts';
export type { ServiceNetwork } from './model/service-network.ts';
export type {
  BlkioConfig,
  CredentialSpec,
  DependencyCondition,
  DevelopConfig,
  DeviceMapping,
  EnvFile,
  LoggingConfig,
  ServiceDependency,
  ServiceHook,
  ServiceModel,
  ServiceProvider,
  ThrottleDevice,
  WatchAction,
  WatchTrigger,
  WeightDevice,
} from './model/service-parts.ts';
export type { ServicePort } from './model/service-port.ts';
export type {
  ServiceVolume,
  ServiceVolumeBind,
  ServiceVolumeImage,
  ServiceVolumeTmpfs,
  ServiceVolumeType,
  ServiceVolumeVolume,
} from './model/service-volume.ts';
export type { Ulimit, Ulimits } from './model/ulimits.ts';
export type { Volume } from './model/volume.ts';
