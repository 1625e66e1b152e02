import type { ApiVersion } from './api-version.ts';
import { type BuildxChoice, createBuild } from './build/build.ts';
import { createConfigs } from './client/configs.ts';
import { EngineConnection } from './client/connection.ts';
import { createContainers } from './client/containers.ts';
import { createDistribution } from './client/distribution.ts';
import { createEvents } from './client/events.ts';
import { createExec } from './client/exec.ts';
import { createImages } from './client/images.ts';
import { createNetworks } from './client/networks.ts';
import { createNodes } from './client/nodes.ts';
import { createSecrets } from './client/secrets.ts';
import { createServices } from './client/services.ts';
import { createSwarm } from './client/swarm.ts';
import { createSystem } from './client/system.ts';
import { createTasks } from './client/tasks.ts';
import { createVolumes } from './client/volumes.ts';
import type { Engine } from './engine.ts';
import type { Dialer } from './transport/dialer.ts';
import { Transport } from './transport/transport.ts';

export interface EngineOptions {
  readonly dialer: Dialer;
  /** Speaks this version without asking; for tests of older ones. */
  readonly apiVersion?: ApiVersion;
  /** The path of docker buildx for builds; `null` never uses it; looked for where plug-ins lie when absent. */
  readonly buildx?: BuildxChoice;
}

/** A client of the engine behind a dialer. It connects when it is first used. */
export function createEngine(options: EngineOptions): Engine {
  const connection = new EngineConnection(new Transport(options.dialer), options.apiVersion ?? null);
  return {
    containers: createContainers(connection),
    exec: createExec(connection),
    images: createImages(connection, createBuild(connection, options.dialer, options.buildx)),
    networks: createNetworks(connection),
    volumes: createVolumes(connection),
    swarm: createSwarm(connection),
    nodes: createNodes(connection),
    services: createServices(connection),
    tasks: createTasks(connection),
    secrets: createSecrets(connection),
    configs: createConfigs(connection),
    distribution: createDistribution(connection),
    events: createEvents(connection),
    system: createSystem(connection),
    apiVersion: (call) => connection.apiVersion(call),
    close: () => connection.close(),
  };
}
