import { type ApiVersion, newestApiVersion } from '../api-version.ts';
import type { Engine } from '../engine.ts';
import { familiarReference } from '../image-reference.ts';
import type { HealthStatus } from '../model/container.ts';
import type { NodeResources } from '../model/node.ts';
import { createFakeContainers } from './containers.ts';
import { createFakeDistribution } from './distribution.ts';
import { createFakeEvents } from './events.ts';
import { createFakeExec } from './exec.ts';
import { Refusal } from './failure.ts';
import { type FakeCall, type FakeFault, type FakeLatency, Gate } from './gate.ts';
import { setHealth } from './health.ts';
import type { FakeImageDefinition } from './image.ts';
import { createFakeImages } from './images.ts';
import { endContainer } from './lifecycle.ts';
import { createFakeNetworks } from './networks.ts';
import { createFakeConfigs, createFakeSecrets } from './swarm/blobs.ts';
import { FakeFabric, type FakeMember } from './swarm/fabric.ts';
import { createFakeNodes } from './swarm/nodes.ts';
import { createFakeServices } from './swarm/services.ts';
import { createFakeSwarmCalls } from './swarm/swarm.ts';
import { createFakeTasks } from './swarm/tasks.ts';
import { createFakeSystem } from './system.ts';
import { createFakeVolumes } from './volumes.ts';
import { FakeWorld } from './world.ts';

export interface FakeEngineOptions {
  /** What it speaks; the newest when absent. */
  readonly apiVersion?: string;
  readonly latency?: FakeLatency;
}

/** What a test does to a fake engine from outside. */
export interface FakeControl {
  /** Puts an image into the engine. A build of the tag `T` takes its config and behaviour from the image published as `build:T`. */
  addImage(reference: string, definition?: FakeImageDefinition): string;
  /** Makes an image pullable. Publishing a reference again with another `content` is a new digest of the same tag. */
  publishImage(reference: string, definition?: FakeImageDefinition): void;
  /** Makes the nth call of a kind fail. */
  fail(fault: FakeFault): void;
  setLatency(latency: FakeLatency): void;
  /** Cuts every connection: calls under way fail `connection-lost`, later ones `unreachable`. */
  disconnect(): void;
  reconnect(): void;
  /** Ends a container's process, as a crash does. */
  exitContainer(container: string, exitCode: number): void;
  setHealth(container: string, status: HealthStatus): void;
  writeOutput(container: string, stream: 'stdout' | 'stderr', text: string): void;
  /** Calls so far, oldest first. */
  readonly calls: readonly FakeCall[];
  readonly maxInFlight: number;
  clearCalls(): void;
}

export interface FakeEngine extends Engine {
  readonly control: FakeControl;
}

/** An engine in memory that behaves like the real one as far as the contract tests of this package reach. */
export function createFakeEngine(options: FakeEngineOptions = {}): FakeEngine {
  const host = { hostname: 'fake', address: '192.0.2.1', engineLabels: {}, resources: defaultResources };
  return createMemberEngine(new FakeFabric(defaultTimeScale), host, options).engine;
}

/** Of Swarm's own times: 5 s are 50 ms. */
export const defaultTimeScale = 0.01;
export const defaultResources: NodeResources = { NanoCPUs: 2e9, MemoryBytes: 8e9 };

/** A machine of a fabric. */
export type FakeHost = Pick<FakeMember, 'hostname' | 'address' | 'engineLabels' | 'resources'>;

/** A fake engine on a fabric, and its part in the Swarms there. */
export function createMemberEngine(
  fabric: FakeFabric,
  host: FakeHost,
  options: FakeEngineOptions,
): { readonly engine: FakeEngine; readonly member: FakeMember; readonly gate: Gate } {
  const world = new FakeWorld((options.apiVersion ?? newestApiVersion) as ApiVersion);
  const gate = new Gate();
  gate.latency = options.latency ?? {};
  const member: FakeMember = {
    ...host,
    world,
    fabric,
    cluster: null,
    nodeId: null,
    locked: false,
    running: true,
    linked: true,
  };
  world.swarm = member;
  fabric.members.set(host.address, member);
  world.events.observers.add((event) => {
    if (event.Type === 'container') member.cluster?.wake();
  });
  const engine: FakeEngine = {
    containers: createFakeContainers(world, gate),
    exec: createFakeExec(world, gate),
    images: createFakeImages(world, gate),
    networks: createFakeNetworks(world, gate),
    volumes: createFakeVolumes(world, gate),
    swarm: createFakeSwarmCalls(member, gate),
    nodes: createFakeNodes(member, gate),
    services: createFakeServices(member, gate),
    tasks: createFakeTasks(member, gate),
    secrets: createFakeSecrets(member, gate),
    configs: createFakeConfigs(member, gate),
    distribution: createFakeDistribution(world, gate),
    events: createFakeEvents(world, gate),
    system: createFakeSystem(world, gate, member),
    apiVersion: async () => world.apiVersion,
    close: () => {},
    control: createControl(world, gate),
  };
  return { engine, member, gate };
}

function createControl(world: FakeWorld, gate: Gate): FakeControl {
  return {
    addImage: (reference, definition = {}) => world.addImage(reference, definition).id,
    publishImage: (reference, definition = {}) => {
      const familiar = reference.startsWith('build:')
        ? `build:${familiarReference(reference.slice('build:'.length))}`
        : familiarReference(reference);
      world.registry.set(familiar, definition);
    },
    fail: (fault) => gate.addFault(fault),
    setLatency: (latency) => {
      gate.latency = latency;
    },
    disconnect: () => {
      gate.disconnect();
      const lost = new Refusal('connection-lost', 'the connection to the engine was lost');
      for (const container of world.containers.values()) container.output.fail(lost);
      world.events.fail(lost);
    },
    reconnect: () => gate.reconnect(),
    exitContainer: (container, exitCode) => endContainer(world, world.container(container), exitCode),
    setHealth: (container, status) => setHealth(world, world.container(container), status),
    writeOutput: (container, stream, text) => world.container(container).output.write(stream, Buffer.from(text)),
    get calls() {
      return gate.calls;
    },
    get maxInFlight() {
      return gate.maxInFlight;
    },
    clearCalls: () => {
      gate.calls = [];
      gate.maxInFlight = 0;
    },
  };
}
