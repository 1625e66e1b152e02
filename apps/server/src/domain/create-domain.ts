import { Registries, type RegistryStore } from './credential/registries.ts';
import type { Domain } from './domain.ts';
import { createEnvironment, type EnvironmentParts } from './environment/create-environment.ts';
import type { EnvironmentStore } from './environment/environment-store.ts';
import { Environments } from './environment/environments.ts';
import { HouseKeeping } from './house-keeping.ts';
import type { Log } from './log.ts';
import { type AdminTokenFile, Sessions } from './session.ts';
import type { SessionStore } from './session-store.ts';
import { Blobs } from './source/blobs.ts';
import type { Source } from './source/source.ts';
import { SystemService } from './system.ts';
import { Tickets } from './ticket.ts';

export interface DomainOptions extends Pick<EnvironmentParts, 'engineOf' | 'engineWaitMs'> {
  readonly log: Log;
  readonly version: string;
  readonly folder: EnvironmentParts['folder'] & { readonly path: string };
  readonly store: EnvironmentParts['store'] & {
    readonly sessions: SessionStore;
    readonly environments: EnvironmentStore;
    readonly registries: RegistryStore;
    allSources(): Promise<readonly Source[]>;
    backUp(): { readonly path: string; readonly sizeBytes: number };
  };
  readonly adminToken: AdminTokenFile;
  readonly baseUrl: () => string;
}

export interface RunningDomain {
  readonly domain: Domain;
  /** Starts the environments, which look at their engines and go on with deployments that were cut off. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Puts the parts of the domain together. Nothing happens until `start`. */
export function createDomain(options: DomainOptions): RunningDomain {
  const { log, version, folder, store, engineOf, engineWaitMs } = options;
  const registries = new Registries(store.registries);
  const blobs = new Blobs({ store: store.blobs, allSources: () => store.allSources(), log });
  const houseKeeping = new HouseKeeping(blobs);
  const parts: EnvironmentParts = {
    engineOf,
    store,
    folder,
    registries,
    onForgotten: () => houseKeeping.wake(),
    engineWaitMs,
    log,
  };
  const environments = new Environments({
    store: store.environments,
    create: (environment) => createEnvironment(environment, parts),
    log,
  });
  const sessions = new Sessions({
    store: store.sessions,
    file: options.adminToken,
    baseUrl: options.baseUrl,
    now: () => new Date(),
  });
  return {
    domain: {
      sessions,
      tickets: new Tickets(() => Date.now()),
      system: new SystemService({ version, dataDir: folder.path, backUp: () => store.backUp() }),
      environments,
      registries,
      blobs,
    },
    async start() {
      await sessions.start();
      await environments.start();
      houseKeeping.start();
    },
    async stop() {
      await Promise.all([houseKeeping.stop(), environments.stop()]);
    },
  };
}
