import type { EngineSystem } from '../api/system.ts';
import { speaks } from '../api-version.ts';
import { isRunning } from './container.ts';
import { Refusal } from './failure.ts';
import type { Gate } from './gate.ts';
import { summarizeImage } from './image.ts';
import { summarizeContainer } from './inspect-container.ts';
import type { FakeMember } from './swarm/fabric.ts';
import { swarmInfo, swarmPing } from './swarm/swarm.ts';
import { usersOf } from './volumes.ts';
import type { FakeWorld } from './world.ts';

export function createFakeSystem(world: FakeWorld, gate: Gate, member: FakeMember): EngineSystem {
  const engineId = world.newId();
  return {
    ping: (options) =>
      gate.pass({ name: 'system.ping', target: '' }, 'asking the engine for a sign of life', options, () => ({
        apiVersion: world.apiVersion,
        osType: 'linux' as const,
        builderVersion: '1' as const,
        experimental: false,
        swarm: speaks(world.apiVersion, '1.42') ? swarmPing(member) : null,
      })),
    version: (options) =>
      gate.pass({ name: 'system.version', target: '' }, "reading the engine's version", options, () => ({
        Version: '0.0.0-fake',
        ApiVersion: world.apiVersion,
        MinAPIVersion: '1.24',
        GitCommit: '',
        GoVersion: '',
        Os: 'linux',
        Arch: 'amd64',
        KernelVersion: '',
        Platform: { Name: 'Drover fake engine' },
        Components: [],
      })),
    info: (options) =>
      gate.pass({ name: 'system.info', target: '' }, 'reading the state of the engine', options, () => {
        const all = [...world.containers.values()];
        return {
          ID: engineId,
          Name: member.hostname,
          ServerVersion: '0.0.0-fake',
          OperatingSystem: 'Fake',
          OSType: 'linux' as const,
          OSVersion: '',
          Architecture: 'x86_64',
          KernelVersion: '',
          NCPU: (member.resources.NanoCPUs ?? 0) / 1e9,
          MemTotal: member.resources.MemoryBytes ?? 0,
          Containers: all.length,
          ContainersRunning: all.filter(isRunning).length,
          ContainersPaused: all.filter((container) => container.status === 'paused').length,
          ContainersStopped: all.filter((container) => !isRunning(container)).length,
          Images: world.images.size,
          Driver: 'overlay2',
          DriverStatus: [['Backing Filesystem', 'extfs']],
          DockerRootDir: '/var/lib/docker',
          LoggingDriver: 'json-file',
          CgroupDriver: 'cgroupfs',
          CgroupVersion: '2',
          MemoryLimit: true,
          SwapLimit: true,
          PidsLimit: true,
          CpuCfsQuota: true,
          CPUShares: true,
          CPUSet: true,
          OomKillDisable: false,
          IPv4Forwarding: true,
          Labels: Object.entries(member.engineLabels).map(([name, value]) => `${name}=${value}`),
          Runtimes: { runc: {} },
          DefaultRuntime: 'runc',
          SecurityOptions: [],
          LiveRestoreEnabled: false,
          Swarm: swarmInfo(member),
          Plugins: {
            Volume: ['local'],
            Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
            Authorization: null,
            Log: ['json-file', 'local'],
          },
          ExperimentalBuild: false,
          Warnings: null,
        };
      }),
    checkRegistryAuth: (auth, options) =>
      gate.pass(
        { name: 'system.checkRegistryAuth', target: auth.serveraddress ?? '' },
        `signing in at ${auth.serveraddress ?? 'the registry'}`,
        options,
        () => {
          const known = [...world.registry.values()].some(
            ({ credentials }) => credentials?.username === auth.username && credentials?.password === auth.password,
          );
          if (!known) throw new Refusal('unauthorized', 'login attempt failed with status: 401 Unauthorized');
        },
      ),
    df: (options) =>
      gate.pass({ name: 'system.df', target: '' }, 'reading the disk usage of the engine', options, () => ({
        layersSize: [...world.images.values()].reduce((sum, image) => sum + summarizeImage(image).Size, 0),
        images: [...world.images.values()].map((image) => ({
          ...summarizeImage(image),
          SharedSize: 0,
          Containers: [...world.containers.values()].filter((container) => container.image === image).length,
        })),
        containers: [...world.containers.values()].map((container) => ({
          ...summarizeContainer(world, container),
          SizeRw: 0,
          SizeRootFs: 1_000_000,
        })),
        volumes: [...world.volumes.values()].map((volume) => ({
          ...volume,
          UsageData: { Size: 0, RefCount: usersOf(world, volume.Name).length },
        })),
        buildCache: [],
      })),
  };
}
