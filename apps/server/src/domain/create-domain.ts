import type { ClusterSettings } from './cluster/cluster-settings.ts';
import { Registries, type RegistryStore } from './credential/registries.ts';
import type { Domain } from './domain.ts';
import { createEnvironment, type EnvironmentParts } from './environment/create-environment.ts';
import type { EngineAccess } from './environment/engine-access.ts';
import type { EnvironmentHosts } from './environment/environment-hosts.ts';
import { type EnvironmentStore, localEnvironment } from './environment/environment-store.ts';
import { Environments } from './environment/environments.ts';
import type { Entrance } from './host/entrance.ts';
import { HostAdmission } from './host/host-admission.ts';
import type { HostAuthority } from './host/host-authority.ts';
import type { HostEnvironments } from './host/host-environments.ts';
import type { HostStore } from './host/host-store.ts';
import { type AgentSource, HostUpgrades } from './host/host-upgrades.ts';
import { Hosts } from './host/hosts.ts';
import { HouseKeeping } from './house-keeping.ts';
import type { Log } from './log.ts';
import { type AdminTokenFile, Sessions } from './session.ts';
import type { SessionStore } from './session-store.ts';
import { Blobs } from './source/blobs.ts';
import type { Source } from './source/source.ts';
import { SystemService } from './system.ts';
import { Tickets } from './ticket.ts';

export interface DomainOptions extends Pick<EnvironmentParts, 'engineWaitMs' | 'lostMs'> {
  /** The engine of an environment; another one than `local` has it on the host that joined. */
  readonly engineOf: (environment: string, hosts: Hosts) => EngineAccess;
  /** The hosts that joined an environment; by themselves those with an agent. */
  readonly hostsOf: ((environment: string, own: EnvironmentHosts) => EnvironmentHosts) | undefined;
  /** Who signs the certificates of hosts; made when it is first asked for. */
  readonly authority: () => Promise<HostAuthority>;
  /** The port that agents dial. */
  readonly entranceOf: (hosts: Hosts) => Entrance;
  readonly agent: AgentSource;
  readonly log: Log;
  readonly version: string;
  readonly folder: EnvironmentParts['folder'] & { readonly path: string };
  readonly store: EnvironmentParts['store'] & {
    readonly sessions: SessionStore;
    readonly environments: EnvironmentStore;
    readonly registries: RegistryStore;
    readonly hosts: HostStore;
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
  const { log, version, folder, store, engineWaitMs } = options;
  const registries = new Registries(store.registries);
  const blobs = new Blobs({ store: store.blobs, allSources: () => store.allSources(), log });
  const houseKeeping = new HouseKeeping(blobs);
  const inEnvironments: HostEnvironments = {
    kindOf: (name) => (name === localEnvironment ? undefined : environments.kindOf(name)),
  };
  const hosts = new Hosts({
    store: store.hosts,
    environments: inEnvironments,
    authority: options.authority,
    publish: (event) => environments.announce(event),
    software: options.agent.software,
    release: async (environment, hostId) => await environments.clusterOf(environment)?.release(hostId),
    log,
  });
  const parts: EnvironmentParts = {
    engineOf: (environment) => options.engineOf(environment, hosts),
    hostsOf: (environment) => {
      const own = hosts.ofEnvironment(environment);
      return options.hostsOf?.(environment, own) ?? own;
    },
    settingsOf: (environment) => ({
      load: () => store.environments.settings<ClusterSettings>(environment),
      save: (settings) => store.environments.saveSettings(environment, settings),
    }),
    store,
    folder,
    registries,
    onForgotten: () => houseKeeping.wake(),
    engineWaitMs,
    lostMs: options.lostMs,
    log,
  };
  const environments = new Environments({
    store: store.environments,
    create: (environment) => createEnvironment(environment, parts),
    heldBy: async (name) => hosts.heldBy(name),
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
      hosts,
      admission: new HostAdmission(hosts, inEnvironments, options.entranceOf(hosts)),
      upgrades: new HostUpgrades(hosts, options.agent, log),
    },
    async start() {
      await sessions.start();
      await hosts.start();
      await environments.start();
      houseKeeping.start();
    },
    async stop() {
      await Promise.all([houseKeeping.stop(), environments.stop()]);
      await hosts.stop();
    },
  };
}
