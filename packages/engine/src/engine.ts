import type { EngineConfigs } from './api/configs.ts';
import type { EngineContainers } from './api/containers.ts';
import type { EngineDistribution } from './api/distribution.ts';
import type { EngineEvents } from './api/events.ts';
import type { EngineExec } from './api/exec.ts';
import type { EngineImages } from './api/images.ts';
import type { EngineNetworks } from './api/networks.ts';
import type { EngineNodes } from './api/nodes.ts';
import type { EngineSecrets } from './api/secrets.ts';
import type { EngineServices } from './api/services.ts';
import type { EngineSwarm } from './api/swarm.ts';
import type { EngineSystem } from './api/system.ts';
import type { EngineTasks } from './api/tasks.ts';
import type { EngineVolumes } from './api/volumes.ts';
import type { ApiVersion } from './api-version.ts';
import type { CallOptions } from './call-options.ts';

/**
 * One Docker Engine. Bodies and answers are the Engine API's own, in its own spelling; every failure is an `EngineError`.
 * It is safe to use from many places at once.
 */
export interface Engine {
  readonly containers: EngineContainers;
  readonly exec: EngineExec;
  readonly images: EngineImages;
  readonly networks: EngineNetworks;
  readonly volumes: EngineVolumes;
  readonly swarm: EngineSwarm;
  readonly nodes: EngineNodes;
  readonly services: EngineServices;
  readonly tasks: EngineTasks;
  readonly secrets: EngineSecrets;
  readonly configs: EngineConfigs;
  readonly distribution: EngineDistribution;
  readonly events: EngineEvents;
  readonly system: EngineSystem;
  /** The version that both sides speak, asked of the engine once. */
  apiVersion(options?: CallOptions): Promise<ApiVersion>;
  /** Ends idle connections; calls that run go on, later ones connect anew. */
  close(): void;
}
