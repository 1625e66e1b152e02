import { speaks } from '../api-version.ts';
import type { ContainerInspect, ContainerSummary, NetworkSettings, PublishedPort } from '../model/container.ts';
import type { EndpointSettings, PortBinding } from '../model/network.ts';
import { type FakeContainer, isRunning } from './container.ts';
import type { FakeWorld } from './world.ts';

const never = '0001-01-01T00:00:00Z';

export function inspectContainer(world: FakeWorld, container: FakeContainer): ContainerInspect {
  const command = [...(container.config.Entrypoint ?? []), ...(container.config.Cmd ?? [])];
  return {
    Id: container.id,
    Created: container.created.toISOString(),
    Path: command[0] ?? '',
    Args: command.slice(1),
    State: {
      Status: container.status,
      Running: isRunning(container),
      Paused: container.status === 'paused',
      Restarting: container.status === 'restarting',
      OOMKilled: false,
      Dead: false,
      Pid: container.status === 'running' || container.status === 'paused' ? 4242 : 0,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: container.startedAt?.toISOString() ?? never,
      FinishedAt: container.finishedAt?.toISOString() ?? never,
      ...(container.health === null ? {} : { Health: container.health }),
    },
    Image: container.image.id,
    Name: `/${container.name}`,
    RestartCount: container.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    LogPath: '',
    ExecIDs: null,
    HostConfig: container.hostConfig,
    Mounts: container.mounts,
    Config: container.config,
    NetworkSettings: networkSettings(world, container),
  };
}

function networkSettings(world: FakeWorld, container: FakeContainer): NetworkSettings {
  const networks: { [name: string]: EndpointSettings } = Object.create(null);
  for (const [key, settings] of container.endpoints)
    networks[world.networks.get(key)?.Name ?? key] = withEmpty(settings);
  const ports: { [port: string]: readonly PortBinding[] | null } = Object.create(null);
  if (isRunning(container)) {
    for (const port of Object.keys(container.config.ExposedPorts ?? {})) ports[port] = null;
    for (const [port, bindings] of container.publishedPorts) ports[port] = bindings;
  }
  return { SandboxID: '', SandboxKey: '', Ports: ports, Networks: networks };
}

function withEmpty(settings: EndpointSettings): EndpointSettings {
  return {
    IPAMConfig: null,
    Links: null,
    Aliases: null,
    MacAddress: '',
    DriverOpts: null,
    NetworkID: '',
    EndpointID: '',
    Gateway: '',
    IPAddress: '',
    IPPrefixLen: 0,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    DNSNames: null,
    ...settings,
  };
}

export function summarizeContainer(world: FakeWorld, container: FakeContainer): ContainerSummary {
  const { image } = container;
  const stillNamed = world.findImage(container.config.Image ?? '') === image;
  const health = container.health;
  return {
    Id: container.id,
    Names: [`/${container.name}`],
    Image: stillNamed ? (container.config.Image ?? '') : image.id,
    ImageID: image.id,
    Command: [...(container.config.Entrypoint ?? []), ...(container.config.Cmd ?? [])].join(' '),
    Created: Math.floor(container.created.getTime() / 1000),
    Ports: publishedPorts(container),
    Labels: container.config.Labels ?? {},
    State: container.status,
    Status: statusInWords(container),
    HostConfig: { NetworkMode: container.hostConfig.NetworkMode ?? 'bridge' },
    NetworkSettings: { Networks: networkSettings(world, container).Networks },
    Mounts: container.mounts,
    ...(speaks(world.apiVersion, '1.52')
      ? { Health: { Status: health?.Status ?? 'none', FailingStreak: health?.FailingStreak ?? 0 } }
      : {}),
  };
}

function publishedPorts(container: FakeContainer): readonly PublishedPort[] {
  return [...container.publishedPorts].flatMap(([port, bindings]) => {
    const [number, protocol] = port.split('/');
    return bindings.map((binding) => ({
      IP: binding.HostIp ?? '',
      PrivatePort: Number(number),
      PublicPort: Number(binding.HostPort),
      Type: (protocol ?? 'tcp') as PublishedPort['Type'],
    }));
  });
}

function statusInWords(container: FakeContainer): string {
  switch (container.status) {
    case 'running':
    case 'paused': {
      const health =
        container.health === null
          ? ''
          : ` (${container.health.Status === 'starting' ? 'health: starting' : container.health.Status})`;
      return `Up Less than a second${health}${container.status === 'paused' ? ' (Paused)' : ''}`;
    }
    case 'restarting':
      return `Restarting (${container.exitCode}) Less than a second ago`;
    case 'created':
      return 'Created';
    case 'exited':
      return `Exited (${container.exitCode}) Less than a second ago`;
    case 'removing':
      return 'Removal In Progress';
    case 'dead':
      return 'Dead';
  }
}
