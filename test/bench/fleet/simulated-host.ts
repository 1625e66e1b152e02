import { createHash } from 'node:crypto';
import type { ContainerSummary, EngineInfo, NodeInspect } from '@drover/engine';
import type { HostFacts } from '@drover/tunnel';

/** Which host of how many it is. Number 0 manages the Swarm that all are in. */
export interface Place {
  readonly number: number;
  readonly of: number;
  readonly containers: number;
}

const version = '28.5.1';
export const simulatedApiVersion = '1.51';
export const clusterId = idOf('cluster').slice(0, 25);
const madeAt = '2026-01-05T08:00:00.000000000Z';
const services = ['web', 'api', 'worker', 'cache', 'store', 'mail'];

/** A host that exists in memory only: its engine, its containers, its part in the Swarm. */
export class SimulatedHost {
  readonly place: Place;
  readonly name: string;
  readonly engineId: string;
  readonly nodeId: string;
  readonly containers = new Map<string, ContainerSummary>();
  readonly #listeners = new Set<(line: string) => void>();

  constructor(place: Place) {
    const { number } = place;
    this.place = place;
    this.name = `rack-${String(number).padStart(4, '0')}`;
    this.engineId = uuidOf(`engine ${number}`);
    this.nodeId = nodeIdOf(number);
    for (let at = 0; at < place.containers; at += 1) {
      const container = containerOf(place, this, at);
      this.containers.set(container.Id, container);
    }
  }

  get isManager(): boolean {
    return this.place.number === 0;
  }

  /** Hears the lines of the engine's events about containers; answers how to stop that. */
  listen(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A container ends by itself: the list says so from now on, and an event is sent. */
  end(id: string): void {
    const container = this.containers.get(id);
    if (container === undefined) throw new Error(`ending ${id}: ${this.name} has no such container`);
    this.containers.set(id, { ...container, State: 'exited', Status: 'Exited (0) Less than a second ago' });
    const now = Date.now();
    const attributes = { ...container.Labels, image: container.Image, name: nameOf(container), exitCode: '0' };
    const line = JSON.stringify({
      Type: 'container',
      Action: 'die',
      Actor: { ID: id, Attributes: attributes },
      scope: 'local',
      time: Math.floor(now / 1000),
      timeNano: 0,
    }).replace('"timeNano":0', `"timeNano":${BigInt(now) * 1_000_000n}`);
    for (const listener of this.#listeners) listener(`${line}\n`);
  }

  info(): EngineInfo {
    const running = [...this.containers.values()].filter(({ State }) => State === 'running').length;
    const managerId = nodeIdOf(0) as NodeInspect['ID'];
    return {
      ID: this.engineId,
      Name: this.name,
      ServerVersion: version,
      OperatingSystem: 'Debian GNU/Linux 13 (trixie)',
      OSType: 'linux',
      OSVersion: '13',
      Architecture: 'x86_64',
      KernelVersion: '6.12.48+deb13-amd64',
      NCPU: 16,
      MemTotal: 67_000_000_000,
      Containers: this.containers.size,
      ContainersRunning: running,
      ContainersPaused: 0,
      ContainersStopped: this.containers.size - running,
      Images: 12,
      Driver: 'overlay2',
      DriverStatus: [['Backing Filesystem', 'extfs']],
      DockerRootDir: '/var/lib/docker',
      LoggingDriver: 'json-file',
      CgroupDriver: 'systemd',
      CgroupVersion: '2',
      MemoryLimit: true,
      SwapLimit: true,
      PidsLimit: true,
      CpuCfsQuota: true,
      CPUShares: true,
      CPUSet: true,
      OomKillDisable: false,
      IPv4Forwarding: true,
      Labels: [],
      Runtimes: { runc: { path: 'runc' } },
      DefaultRuntime: 'runc',
      SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'],
      LiveRestoreEnabled: false,
      Swarm: {
        NodeID: this.nodeId as NodeInspect['ID'],
        NodeAddr: addressOf(this.place.number),
        LocalNodeState: 'active',
        ControlAvailable: this.isManager,
        Error: '',
        RemoteManagers: [{ NodeID: managerId, Addr: `${addressOf(0)}:2377` }],
        ...(this.isManager ? { Nodes: this.place.of, Managers: 1, Cluster: clusterInfo } : {}),
      },
      Plugins: { Volume: ['local'], Network: ['bridge', 'overlay'], Authorization: null, Log: ['json-file'] },
      ExperimentalBuild: false,
      Warnings: null,
    };
  }

  facts(): HostFacts {
    return {
      hostname: this.name,
      cpus: 16,
      memoryBytes: 67_000_000_000,
      disks: [{ path: '/var/lib/docker', totalBytes: 500_000_000_000, freeBytes: 300_000_000_000 }],
      engine: {
        id: this.engineId,
        version,
        apiVersion: simulatedApiVersion,
        swarmNodeId: this.nodeId,
        swarmState: 'active',
        swarmManager: this.isManager,
      },
      kernel: '6.12.48+deb13-amd64',
      os: 'linux',
      architecture: 'x86_64',
      distribution: 'Debian GNU/Linux 13 (trixie)',
      abilities: { ipvs: true, wireguard: true, esp: true, criu: false, cgroupVersion: 2 },
    };
  }
}

export const clusterInfo = {
  ID: clusterId,
  Version: { Index: 11 },
  CreatedAt: madeAt,
  UpdatedAt: madeAt,
  Spec: {
    Name: 'default',
    Labels: {},
    Orchestration: { TaskHistoryRetentionLimit: 5 },
    Raft: {
      SnapshotInterval: 10_000,
      KeepOldSnapshots: 0,
      LogEntriesForSlowFollowers: 500,
      ElectionTick: 10,
      HeartbeatTick: 1,
    },
    Dispatcher: { HeartbeatPeriod: 5_000_000_000 },
    CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 },
    EncryptionConfig: { AutoLockManagers: false },
    TaskDefaults: {},
  },
  TLSInfo: {},
  RootRotationInProgress: false,
  DefaultAddrPool: ['10.0.0.0/8'],
  SubnetSize: 24,
  DataPathPort: 4789,
};

/** One line of the list of nodes. */
export function nodeOf(number: number): NodeInspect {
  const isManager = number === 0;
  return {
    ID: nodeIdOf(number) as NodeInspect['ID'],
    Version: { Index: 20 + number },
    CreatedAt: madeAt,
    UpdatedAt: madeAt,
    Spec: { Labels: {}, Role: isManager ? 'manager' : 'worker', Availability: 'active' },
    Description: {
      Hostname: `rack-${String(number).padStart(4, '0')}`,
      Platform: { Architecture: 'x86_64', OS: 'linux' },
      Resources: { NanoCPUs: 16_000_000_000, MemoryBytes: 67_000_000_000 },
      Engine: { EngineVersion: version, Plugins: [{ Type: 'Network', Name: 'overlay' }] },
      TLSInfo: {},
    },
    Status: { State: 'ready', Addr: addressOf(number) },
    ...(isManager ? { ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: `${addressOf(0)}:2377` } } : {}),
  };
}

/** As a real engine lists the task of a service: with five labels, a network and a volume. */
function containerOf({ number, of }: Place, host: SimulatedHost, at: number): ContainerSummary {
  const stack = `app-${String((number * 7 + at) % Math.max(1, Math.ceil(of / 4))).padStart(3, '0')}`;
  const service = services[at % services.length] ?? 'web';
  const task = idOf(`task ${number} ${at}`).slice(0, 25);
  const name = `${stack}_${service}.${number + 1}.${task}`;
  const network = `${stack}_default`;
  return {
    Id: idOf(`container ${number} ${at}`) as ContainerSummary['Id'],
    Names: [`/${name}`],
    Image: `registry.example.com/${stack}/${service}:1.${at}@sha256:${idOf(`${stack} ${service}`)}`,
    ImageID: `sha256:${idOf(`image ${stack} ${service}`)}`,
    Command: '"docker-entrypoint.s…"',
    Created: 1_767_600_000 + number * 60 + at,
    Ports: at % 6 === 0 ? [{ PrivatePort: 8080, Type: 'tcp' }] : [],
    Labels: {
      'com.docker.stack.namespace': stack,
      'com.docker.swarm.node.id': host.nodeId,
      'com.docker.swarm.service.id': idOf(`service ${stack} ${service}`).slice(0, 25),
      'com.docker.swarm.service.name': `${stack}_${service}`,
      'com.docker.swarm.task': '',
      'com.docker.swarm.task.id': task,
      'com.docker.swarm.task.name': name,
    },
    State: 'running',
    Status: at % 3 === 0 ? 'Up 3 weeks (healthy)' : 'Up 3 weeks',
    HostConfig: { NetworkMode: network },
    NetworkSettings: {
      Networks: {
        [network]: {
          NetworkID: idOf(network).slice(0, 25),
          EndpointID: idOf(`endpoint ${number} ${at}`),
          IPAddress: `10.0.${number % 250}.${at + 2}`,
          MacAddress: '02:42:0a:00:01:05',
          Aliases: null,
        },
      },
    },
    Mounts: [
      {
        Type: 'volume',
        Name: `${stack}_${service}`,
        Source: '',
        Destination: '/data',
        Driver: 'local',
        Mode: 'z',
        RW: true,
        Propagation: '',
      },
    ],
  };
}

function nameOf({ Names }: ContainerSummary): string {
  return (Names[0] ?? '').slice(1);
}

function nodeIdOf(number: number): string {
  return idOf(`node ${number}`).slice(0, 25);
}

function addressOf(number: number): string {
  return `10.${100 + Math.floor(number / 250)}.${number % 250}.10`;
}

/** 64 hexadecimal digits that are always the same for the same text. */
function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function uuidOf(text: string): string {
  const id = idOf(text);
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20, 32)}`;
}
