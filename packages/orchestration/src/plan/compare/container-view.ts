import type {
  ContainerBody,
  ContainerConfig,
  EndpointSettings,
  HealthConfig,
  HostConfig,
  ImageConfig,
} from '../../model/container-body.ts';
import type { ObservedContainer } from '../../model/observed.ts';
import type { ContainerSpec } from '../spec/container-spec.ts';

/** A container as it is wanted, or as it stands, in one form that can be compared. */
export interface ContainerView {
  /** Empty for a wanted one. */
  readonly id: string;
  readonly config: ContainerConfig;
  readonly host: HostConfig;
  /** By the network's name in the engine. */
  readonly endpoints: ReadonlyMap<string, EndpointSettings>;
  /** Paths at which the image declares volumes. */
  readonly imageVolumes: readonly string[];
}

/** What `inspect` would say of a container made from this spec and an image with these settings. */
export function wantedView(spec: ContainerSpec, image: ImageConfig): ContainerView {
  const { HostConfig: host, NetworkingConfig: networks, ...config } = spec.body;
  return {
    id: '',
    config: withImage(config, image),
    host: host ?? {},
    endpoints: new Map([...Object.entries(networks?.EndpointsConfig ?? {}), ...spec.laterEndpoints]),
    imageVolumes: Object.keys(image.Volumes ?? {}),
  };
}

/** The container as it stands. */
export function observedView(container: ObservedContainer): ContainerView {
  return {
    id: container.Id,
    config: container.Config,
    host: container.HostConfig,
    endpoints: new Map(Object.entries(container.NetworkSettings.Networks ?? {})),
    imageVolumes: Object.keys(container.Config.Volumes ?? {}),
  };
}

/** Joins a container's settings with its image's by the Engine's own rules. */
function withImage(
  config: Omit<ContainerBody, 'HostConfig' | 'NetworkingConfig'>,
  image: ImageConfig,
): ContainerConfig {
  const own = config.Entrypoint ?? undefined;
  const inheritsCommand = (own === undefined || own.length === 0) && (config.Cmd ?? []).length === 0;
  return {
    ...config,
    User: config.User || image.User,
    WorkingDir: config.WorkingDir || image.WorkingDir,
    StopSignal: config.StopSignal || image.StopSignal,
    Entrypoint: own ?? image.Entrypoint,
    Cmd: inheritsCommand ? image.Cmd : config.Cmd,
    Env: withImageEnvironment(config.Env ?? [], image.Env ?? []),
    Labels: Object.fromEntries([...Object.entries(image.Labels ?? {}), ...Object.entries(config.Labels ?? {})]),
    ExposedPorts: Object.fromEntries([
      ...Object.entries(image.ExposedPorts ?? {}),
      ...Object.entries(config.ExposedPorts ?? {}),
    ]),
    Healthcheck: withImageHealth(config.Healthcheck ?? undefined, image.Healthcheck ?? undefined),
  };
}

function withImageEnvironment(own: readonly string[], image: readonly string[]): string[] {
  const names = new Set(own.map(variableName));
  return [...own, ...image.filter((entry) => !names.has(variableName(entry)))];
}

export function variableName(entry: string): string {
  const equals = entry.indexOf('=');
  return equals === -1 ? entry : entry.slice(0, equals);
}

function withImageHealth(own: HealthConfig | undefined, image: HealthConfig | undefined): HealthConfig | undefined {
  if (own === undefined) return image;
  if (image === undefined) return own;
  return {
    Test: (own.Test ?? []).length === 0 ? image.Test : own.Test,
    Interval: own.Interval || image.Interval,
    Timeout: own.Timeout || image.Timeout,
    StartPeriod: own.StartPeriod || image.StartPeriod,
    StartInterval: own.StartInterval || image.StartInterval,
    Retries: own.Retries || image.Retries,
  };
}
