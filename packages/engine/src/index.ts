export type { EngineConfigs } from './api/configs.ts';
export type {
  AttachOptions,
  ContainerCreateOptions,
  ContainerListOptions,
  EngineContainers,
  LogOptions,
} from './api/containers.ts';
export type { EngineDistribution } from './api/distribution.ts';
export type { EngineEvents, EventOptions } from './api/events.ts';
export type { EngineExec } from './api/exec.ts';
export type { EngineImages, PullOptions } from './api/images.ts';
export type { EngineNetworks } from './api/networks.ts';
export type { EngineNodes } from './api/nodes.ts';
export type { EngineSecrets } from './api/secrets.ts';
export type { EngineServices, TaskLogOptions } from './api/services.ts';
export type { EngineSwarm } from './api/swarm.ts';
export type { EngineSystem } from './api/system.ts';
export type { EngineTasks } from './api/tasks.ts';
export type { EngineVolumes } from './api/volumes.ts';
export {
  type ApiVersion,
  compareApiVersions,
  isApiVersion,
  newestApiVersion,
  oldestApiVersion,
  speaks,
} from './api-version.ts';
export type { CallOptions, Filters } from './call-options.ts';
export { type ContainerUsage, containerUsage } from './container-usage.ts';
export { createEngine, type EngineOptions } from './create-engine.ts';
export type { Engine } from './engine.ts';
export { EngineError, type EngineErrorCode, type EngineErrorDetails, isAway, isEngineError } from './engine-error.ts';
export { Attempts } from './events/attempts.ts';
export { changeLines, readChange, writeChange } from './events/change-line.ts';
export { type ContainerChange, watchContainers } from './events/container-changes.ts';
export { ListAfterEvents } from './events/list-after-events.ts';
export { listTouched } from './events/list-touched.ts';
export { watchEvents } from './events/watch.ts';
export { touchedContainer, watchedEvents } from './events/watched-events.ts';
export { familiarReference, type ImageReference, parseImageReference, registryOf } from './image-reference.ts';
export type { BuildProgress, BuildRequest, BuildSecret } from './model/build.ts';
export type {
  ContainerConfig,
  ContainerCreateBody,
  ContainerCreated,
  ContainerExit,
  ContainerHealth,
  ContainerInspect,
  ContainerState,
  ContainerStatus,
  ContainerSummary,
  HealthProbe,
  HealthStatus,
  ManifestDescriptor,
  MountKind,
  MountPoint,
  NetworkSettings,
  PathStat,
  ProcessTable,
  PublishedPort,
} from './model/container.ts';
export type { EngineEvent, EventType, WatchedEvent } from './model/event.ts';
export type { ExecCreateBody, ExecId, ExecInspect } from './model/exec.ts';
export type { HealthConfig } from './model/health.ts';
export type {
  DeviceMapping,
  DeviceRequest,
  HostConfig,
  Mount,
  Resources,
  RestartPolicy,
  ThrottleDevice,
  Ulimit,
} from './model/host-config.ts';
export type {
  ImageConfig,
  ImageInspect,
  ImageLayer,
  ImageManifest,
  ImageRemoval,
  ImageSummary,
  RegistryAuth,
  RemoteImage,
  TransferProgress,
} from './model/image.ts';
export type {
  EndpointSettings,
  Ipam,
  IpamPool,
  NetworkCreateBody,
  NetworkInspect,
  NetworkMember,
  NetworkSummary,
  PortBinding,
} from './model/network.ts';
export type {
  GenericResource,
  NodeAvailability,
  NodeDescription,
  NodeInspect,
  NodePlatform,
  NodeResources,
  NodeRole,
  NodeSpec,
  NodeState,
} from './model/node.ts';
export type { ConfigInspect, ConfigSpec, SecretInspect, SecretSpec } from './model/secret.ts';
export type {
  EndpointSpec,
  PublishedPortConfig,
  ServiceCreated,
  ServiceInspect,
  ServiceMode,
  ServiceSpec,
  ServiceUpdateState,
  UpdateConfig,
} from './model/service.ts';
export type { BlockIoEntry, ContainerStats, CpuSample } from './model/stats.ts';
export type { AttachedStream, ByteSource, ByteStream, OutputChunk, TerminalSize } from './model/stream.ts';
export type {
  ClusterInfo,
  DriverSpec,
  JobIteration,
  LocalNodeState,
  ObjectVersion,
  SwarmInfo,
  SwarmInitBody,
  SwarmInspect,
  SwarmJoinBody,
  SwarmObject,
  SwarmSpec,
  TlsInfo,
} from './model/swarm.ts';
export type {
  BuildCacheRecord,
  DiskUsage,
  EngineInfo,
  EnginePing,
  EngineVersion,
  PruneReport,
} from './model/system.ts';
export type {
  ConfigReference,
  ContainerSpec,
  FileTarget,
  NetworkAttachment,
  NetworkAttachmentConfig,
  Placement,
  Privileges,
  SecretReference,
  TaskInspect,
  TaskOutputLine,
  TaskResources,
  TaskRestartPolicy,
  TaskSpec,
  TaskState,
  TaskStatus,
} from './model/task.ts';
export type { VolumeCreateBody, VolumeInspect, VolumeList } from './model/volume.ts';
export type { KeySet, StringMap, Wire } from './model/wire.ts';
export { type OutputLine, type OutputLineOptions, readOutputLines } from './output-lines.ts';
export { encodeRegistryAuth, encodeRegistryConfig } from './registry-auth.ts';
export { decodeLines } from './stream/json-lines.ts';
export { type Dialer, type TlsFiles, tcpDialer, tlsDialer, unixDialer } from './transport/dialer.ts';
export { defaultDockerHost, dialerFor, dialerFromEnvironment } from './transport/docker-host.ts';
