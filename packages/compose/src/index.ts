export type { Diagnostic, DiagnosticCode, Origin, Path, Severity } from './diagnostics/diagnostic.ts';
export { formatPath } from './diagnostics/format-path.ts';
export { suggest } from './diagnostics/suggestion.ts';
export { parseDotenv, type Variables } from './dotenv/parse.ts';
export { type HashContext, networkHash, serviceHash, serviceHashInput, volumeHash } from './hash/hashes.ts';
export { sha256Hex } from './hash/sha256.ts';
export { bundleReader } from './load/bundle-reader.ts';
export type { ComposeFile, LoadInput, SkippedStages } from './load/input.ts';
export { defaultLimits, type Limits } from './load/limits.ts';
export { load, loadModel } from './load/load.ts';
export type { ReadOutcome, ReadRefusal, Resource, ResourceReader } from './load/reader.ts';
export type {
  InputKind,
  LoadedInput,
  LoadFailure,
  LoadResult,
  LoadSuccess,
  ModelResult,
  VariableUse,
} from './load/result.ts';
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
export { modelToJson, modelToYaml } from './print/model.ts';
export { toJson } from './print/to-json.ts';
export { toYaml } from './print/to-yaml.ts';
export { dependencyWaves, dependentsOf, findCycle, type Services, servicesInOrder } from './project/graph.ts';
export { normalizeProjectName } from './project/name.ts';
export {
  allServices,
  type DependencyPolicy,
  hasProfile,
  selectServices,
  type UnknownService,
  withoutUnusedResources,
  withProfiles,
  withServicesEnabled,
} from './project/select.ts';
export { parseByteSize } from './syntax/byte-size.ts';
export { formatDuration, parseDuration, parseDurationNanoseconds } from './syntax/duration.ts';
export { type Operator, parseTemplate, type Reference, variablesIn } from './template/parse.ts';
export { type Lookup, type SubstituteOptions, substitute } from './template/substitute.ts';
export { type Acceptance, type AcceptedField, acceptFields } from './verdict/accept.ts';
export { covers, fieldNames, unknownField } from './verdict/field.ts';
export { type HostFacts, parseHostFacts } from './verdict/host-facts.ts';
export { type FieldVerdict, judge, type Provenance, type VerdictReport } from './verdict/judge.ts';
export { pinnedServices } from './verdict/pinned-services.ts';
export { type Target, targets, type Verdict } from './verdict/verdict.ts';
export { verdictDiagnostics, verdictSentence } from './verdict/words.ts';
