import { createEngine, type Engine } from '@drover/engine';
import { adminTokenFile } from './admin-token-file.ts';
import { AgentFiles } from './agents/agent-files.ts';
import { AgentPort } from './agents/agent-port.ts';
import { Authority } from './authority/authority.ts';
import { openDataFolder } from './data-folder.ts';
import { createDomain } from './domain/create-domain.ts';
import type { EngineAccess } from './domain/environment/engine-access.ts';
import type { EnvironmentHosts } from './domain/environment/environment-hosts.ts';
import { localEnvironment } from './domain/environment/environment-store.ts';
import type { Hosts } from './domain/host/hosts.ts';
import type { Log } from './domain/log.ts';
import { startHttpServer } from './http/http-server.ts';
import type { Settings } from './settings.ts';
import { openStore } from './store/store.ts';

export interface DroverServer {
  /** Where it listens, `http://127.0.0.1:8420`. */
  readonly url: string;
  /** True when nobody has signed in with a browser yet. */
  readonly isNew: boolean;
  signInLink(): Promise<string>;
  /** Ends in good order. Applications keep running; a deployment that runs is gone on with at the next start. */
  stop(): Promise<void>;
}

export interface ServerParts {
  /** The engine of the environment `local`. */
  readonly engine: Engine;
  /** The hosts that joined an environment; by themselves its `own`, those with an agent. */
  readonly hostsOf?: (environment: string, own: EnvironmentHosts) => EnvironmentHosts;
  /** Makes the engine client of another environment of the kind `engine`; by itself one over the tunnel of its host. */
  readonly remoteEngineOf?: (environment: string) => Engine;
  /** Milliseconds for which a host must be away before its pinned containers are made elsewhere; 30 000 by itself. */
  readonly lostMs?: number;
  readonly log: Log;
  readonly version: string;
}

/** Starts everything, in the order of what needs what; what was started is stopped again when a later part fails. */
export async function startServer(settings: Settings, parts: ServerParts): Promise<DroverServer> {
  const { log, version } = parts;
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const folder = openDataFolder(settings.dataDir);
    stops.push(() => folder.release());
    const store = await openStore(folder, { log });
    stops.push(() => store.close());
    let url = settings.publicUrl?.origin ?? '';
    let opened: Promise<Authority> | undefined;
    const authority = () => {
      opened ??= Authority.open(store.secrets);
      return opened;
    };
    const agent = new AgentFiles({ software: version, bundle: settings.agentBundle, workFolder: folder.work });
    const agentPortOf = (hosts: Hosts) =>
      new AgentPort({
        listen: settings.agentListen,
        agentUrl: settings.agentUrl,
        publicUrl: settings.publicUrl,
        authority,
        hosts,
        downloads: agent,
        log,
      });
    let agentPort: AgentPort | undefined;
    const {
      domain,
      start,
      stop: stopDomain,
    } = createDomain({
      engineOf: (environment, hosts) => engineOf(environment, settings, parts, hosts),
      hostsOf: parts.hostsOf,
      lostMs: parts.lostMs,
      authority,
      entranceOf: (hosts) => {
        agentPort = agentPortOf(hosts);
        return agentPort;
      },
      agent,
      log,
      version,
      folder,
      store,
      adminToken: adminTokenFile(folder.adminToken),
      baseUrl: () => url,
      engineWaitMs: settings.engineWaitMs,
    });
    stops.push(stopDomain);
    await start();
    const http = await startHttpServer({
      domain,
      log,
      ...settings.listen,
      publicUrl: settings.publicUrl,
      webDir: settings.webDir,
      version,
    });
    stops.push(() => http.stop());
    stops.push(() => agentPort?.stop());
    await agentPort?.start();
    const own = urlOf(http.address);
    url ||= own;
    log.info({ url: own, dataDir: settings.dataDir, version }, 'Drover listens');
    return {
      url: own,
      isNew: !domain.sessions.hasSessions(),
      signInLink: async () => (await domain.sessions.createLink()).url,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function engineOf(
  environment: string,
  { dockerHost }: Settings,
  { engine: local, remoteEngineOf }: ServerParts,
  hosts: Hosts,
): EngineAccess {
  if (environment === localEnvironment)
    // A socket file is on this machine, and so are the files that the engine binds.
    return { engine: local, endpoint: dockerHost, sharesFiles: /^(unix|npipe):/.test(dockerHost) };
  const place = { endpoint: `the host of ${environment}`, sharesFiles: false };
  if (remoteEngineOf !== undefined) return { engine: remoteEngineOf(environment), ...place };
  const engine = createEngine({ dialer: hosts.dialerOf(environment) });
  return { engine, changes: hosts.changesIn(environment, engine), ...place };
}

function urlOf({ host, port }: { readonly host: string; readonly port: number }): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
