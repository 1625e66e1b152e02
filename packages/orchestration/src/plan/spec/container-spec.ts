import type { Service } from '@drover/compose';
import type { ContainerBody, EndpointSettings } from '../../model/container-body.ts';
import type { Desired, ServiceImage } from '../../model/desired.ts';
import { composeLabel, composeVersion, droverLabel } from '../../model/labels.ts';
import type { ObservedContainer } from '../../model/observed.ts';
import type { PutFile } from '../../model/operation.ts';
import type { StringMap } from '../../model/wire.ts';
import { speaks } from './api-version.ts';
import { effectiveCapabilities } from './capabilities.ts';
import { type ServiceFiles, serviceFiles } from './files.ts';
import { healthConfig } from './health.ts';
import { cleanPath, serviceMounts } from './mounts.ts';
import { networking } from './networking.ts';
import { exposedPorts, extraHosts, portBindings, tmpfsMounts } from './ports.ts';
import { bytes, seconds } from './quantity.ts';
import { resources } from './resources.ts';
import { restartPolicy } from './restart-policy.ts';
import { securityOptions } from './security.ts';

export interface ContainerSpecRequest {
  readonly desired: Desired;
  readonly serviceName: string;
  /** With references to other services' containers resolved to ids or to tokens for them. */
  readonly service: Service;
  readonly image: ServiceImage;
  readonly number: number;
  readonly apiVersion: string;
  readonly configHash: string;
  readonly numbersOf: (service: string) => readonly number[];
  /** The container that this one replaces. */
  readonly replaces?: ObservedContainer | undefined;
  readonly inheritVolumes?: boolean;
  readonly oneOff?: OneOff;
}

/** What tells a one-off container from one of the service. */
export interface OneOff {
  readonly slug: string;
  readonly useAliases: boolean;
}

export interface ContainerSpec {
  readonly body: ContainerBody;
  /** Networks that the engine takes only after the creation (before API 1.44), by name. */
  readonly laterEndpoints: ReadonlyMap<string, EndpointSettings>;
  readonly put: readonly PutFile[];
  readonly files: ServiceFiles;
}

/** The container of one slot of a service, as the engine is asked for it. */
export function containerSpec(request: ContainerSpecRequest): ContainerSpec {
  const { desired, service, image, apiVersion, oneOff } = request;
  const files = serviceFiles(desired.project, service, desired.contents);
  const { binds, mounts } = serviceMounts({
    project: desired.project,
    service,
    apiVersion,
    fileMounts: files.mounts,
    imageVolumes: Object.keys(image.config.Volumes ?? {}).map(cleanPath),
    inherit: request.inheritVolumes === false ? undefined : request.replaces,
  });
  const network = networking({
    ...request,
    project: desired.project,
    resolveMode: (mode) => mode,
    aliases: oneOff === undefined || oneOff.useAliases,
  });
  const security = securityOptions(service, desired.contents.files);
  const endpoints = [...network.endpoints];
  const atCreation = speaks(apiVersion, '1.44') ? endpoints : endpoints.slice(0, 1);
  const body: ContainerBody = {
    Hostname: service.hostname ?? '',
    Domainname: service.domainname ?? '',
    User: service.user ?? '',
    ExposedPorts: exposedPorts(service),
    Tty: service.tty === true,
    OpenStdin: service.stdin_open === true,
    AttachStdout: true,
    AttachStderr: true,
    Cmd: service.command,
    Entrypoint: service.entrypoint,
    Image: image.runAs,
    WorkingDir: service.working_dir ?? '',
    MacAddress: network.macAddress,
    Labels: labels(request, files),
    StopSignal: service.stop_signal,
    StopTimeout: seconds(service.stop_grace_period),
    Env: environment(service),
    Healthcheck: healthConfig(service.healthcheck),
    HostConfig: {
      ...resources(service),
      Binds: binds.length > 0 ? binds : undefined,
      Mounts: mounts,
      Annotations: speaks(apiVersion, '1.43') ? service.annotations : undefined,
      ...effectiveCapabilities(service),
      NetworkMode: network.mode,
      Init: service.init,
      IpcMode: service.ipc ?? '',
      CgroupnsMode: (service.cgroup ?? '') as '' | 'host' | 'private',
      ReadonlyRootfs: service.read_only === true,
      RestartPolicy: oneOff === undefined ? restartPolicy(service) : { Name: 'no', MaximumRetryCount: 0 },
      ShmSize: bytes(service.shm_size),
      Sysctls: service.sysctls,
      PortBindings: portBindings(service),
      VolumeDriver: service.volume_driver ?? '',
      VolumesFrom: service.volumes_from,
      Dns: service.dns,
      DnsSearch: service.dns_search,
      DnsOptions: service.dns_opt,
      ExtraHosts: extraHosts(service.extra_hosts),
      SecurityOpt: security.options,
      StorageOpt: service.storage_opt,
      UsernsMode: service.userns_mode ?? '',
      UTSMode: service.uts ?? '',
      Privileged: service.privileged === true,
      PidMode: service.pid ?? '',
      Tmpfs: tmpfsMounts(service.tmpfs),
      Isolation: (service.isolation ?? '') as '' | 'default' | 'process' | 'hyperv',
      Runtime: service.runtime ?? '',
      LogConfig:
        service.logging === undefined
          ? undefined
          : { Type: service.logging.driver ?? '', Config: service.logging.options ?? {} },
      GroupAdd: service.group_add,
      Links: network.links.length > 0 ? network.links : undefined,
      OomScoreAdj: service.oom_score_adj ?? 0,
      ...(security.unconfinedPaths ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
    },
    ...(endpoints.length > 0 ? { NetworkingConfig: { EndpointsConfig: Object.fromEntries(atCreation) } } : {}),
  };
  return { body, laterEndpoints: new Map(endpoints.slice(atCreation.length)), put: files.put, files };
}

/** `NAME=value`, sorted; a bare name unsets what the image has. */
function environment(service: Service): string[] {
  return Object.entries(service.environment ?? {})
    .map(([name, value]) => (value === null ? name : `${name}=${value}`))
    .sort();
}

function labels(request: ContainerSpecRequest, files: ServiceFiles): StringMap {
  const { desired, serviceName, service, image, number, replaces, oneOff } = request;
  const { identity } = desired;
  const dependencies = Object.entries(service.depends_on ?? {})
    .filter(([name]) => Object.hasOwn(desired.project.services, name))
    .map(([name, { condition, restart }]) => `${name}:${condition ?? 'service_started'}:${restart === true}`)
    .sort();
  const own: [string, string][] = [
    [composeLabel.project, identity.name],
    [composeLabel.service, serviceName],
    [composeLabel.version, composeVersion],
    [composeLabel.workingDir, identity.workingDir],
    [composeLabel.configFiles, identity.configFiles.join(',')],
    [composeLabel.oneOff, oneOff === undefined ? 'False' : 'True'],
    [composeLabel.configHash, request.configHash],
    [composeLabel.dependsOn, dependencies.join(',')],
    [composeLabel.image, image.contentDigest],
    [droverLabel.revision, String(desired.revision)],
  ];
  if (identity.envFiles.length > 0) own.push([composeLabel.environmentFile, identity.envFiles.join(',')]);
  if (oneOff === undefined) own.push([composeLabel.number, String(number)]);
  else own.push([composeLabel.slug, oneOff.slug]);
  if (replaces !== undefined) own.push([composeLabel.replace, service.container_name ?? `${serviceName}-${number}`]);
  if (files.label !== undefined) own.push([droverLabel.contents, files.label]);
  return Object.fromEntries([...Object.entries(service.labels ?? {}), ...own]);
}
