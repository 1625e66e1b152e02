import type { Engine } from '@drover/engine';
import { adminTokenFile } from './admin-token-file.ts';
import { openDataFolder } from './data-folder.ts';
import { ChangeFeed } from './domain/change-feed.ts';
import { Containers } from './domain/container/containers.ts';
import { Registries } from './domain/credential/registries.ts';
import { Variables } from './domain/credential/variables.ts';
import type { Domain } from './domain/domain.ts';
import { Host } from './domain/host/host.ts';
import type { Log } from './domain/log.ts';
import { Disk } from './domain/resource/disk.ts';
import { Images } from './domain/resource/images.ts';
import { Networks } from './domain/resource/networks.ts';
import { Volumes } from './domain/resource/volumes.ts';
import { Sessions } from './domain/session.ts';
import { Blobs } from './domain/source/blobs.ts';
import { Stacks } from './domain/stack/stacks.ts';
import { SystemService } from './domain/system.ts';
import { Tickets } from './domain/ticket.ts';
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
  readonly engine: Engine;
  readonly log: Log;
  readonly version: string;
}

/** Starts everything, in the order of what needs what; what was started is stopped again when a later part fails. */
export async function startServer(settings: Settings, parts: ServerParts): Promise<DroverServer> {
  const { engine, log, version } = parts;
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const folder = openDataFolder(settings.dataDir);
    stops.push(() => folder.release());
    const store = await openStore(folder, { log });
    stops.push(() => store.close());
    const feed = new ChangeFeed();
    const host = new Host({
      engine,
      endpoint: settings.dockerHost,
      sharesFiles: /^(unix|npipe):/.test(settings.dockerHost),
      feed,
      log,
    });
    let url = settings.publicUrl?.origin ?? '';
    const sessions = new Sessions({
      store: store.sessions,
      file: adminTokenFile(folder.adminToken),
      baseUrl: () => url,
      now: () => new Date(),
    });
    await sessions.start();
    const containers = new Containers({ host, feed });
    stops.push(() => containers.stop());
    const domain: Domain = {
      sessions,
      tickets: new Tickets(() => Date.now()),
      system: new SystemService({ version, dataDir: settings.dataDir, host, feed, backUp: () => store.backUp() }),
      stacks: new Stacks({ host }),
      containers,
      images: new Images(host, store.stacks),
      networks: new Networks(host),
      volumes: new Volumes(host),
      disk: new Disk(host, store.stacks),
      registries: new Registries(store.registries),
      variables: new Variables(store.stacks),
      blobs: new Blobs({ store: store.blobs, stacks: store.stacks, log }),
    };
    await host.start();
    stops.push(() => host.stop());
    const http = await startHttpServer({
      domain,
      log,
      ...settings.listen,
      publicUrl: settings.publicUrl,
      webDir: settings.webDir,
      version,
    });
    stops.push(() => http.stop());
    const own = urlOf(http.address);
    url ||= own;
    log.info({ url: own, dataDir: settings.dataDir, version }, 'Drover listens');
    return {
      url: own,
      isNew: !sessions.hasSessions(),
      signInLink: async () => (await sessions.createLink()).url,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function urlOf({ host, port }: { host: string; port: number }): string {
  const reachable =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}`;
}
