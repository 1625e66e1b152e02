import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ChangeEvent } from '@drover/contract';
import type { AgentDownloads } from '../../src/agents/agent-http.ts';
import { AgentPort, type AgentPortOptions } from '../../src/agents/agent-port.ts';
import { Authority } from '../../src/authority/authority.ts';
import { type DataFolder, openDataFolder } from '../../src/data-folder.ts';
import { HostAdmission } from '../../src/domain/host/host-admission.ts';
import { Hosts } from '../../src/domain/host/hosts.ts';
import { createLog } from '../../src/log.ts';
import { openStore, type Store } from '../../src/store/store.ts';

/** Hosts and the port of agents over a store of their own, with a clock that can be moved. */
export interface HostStage {
  readonly hosts: Hosts;
  readonly port: AgentPort;
  readonly admission: HostAdmission;
  readonly authority: Authority;
  readonly events: ChangeEvent[];
  /** Milliseconds that the server's clock is off. */
  clockOffMs: number;
  /** The port's number; the same after a restart. */
  readonly portNumber: number;
  /** A join token; of the environment `swarm` where none is named. */
  token(request?: { environment?: string; uses?: number; expiresSeconds?: number; replaces?: string }): Promise<string>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface HostStageOptions {
  readonly awaitMs?: number;
  readonly port?: Partial<Pick<AgentPortOptions, 'limits' | 'handshakeMs'>>;
  readonly downloads?: AgentDownloads;
}

const noFiles: AgentDownloads = {
  software: '1.0.0',
  image: async () => undefined,
  files: async () =>
    new Map([['agent.mjs', { size: 5, sha256: 'ab', open: () => Readable.from([Buffer.from('hello')]) }]]),
};

export async function openHostStage(options: HostStageOptions = {}): Promise<HostStage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'drover-hosts-'));
  const log = createLog('silent');
  const events: ChangeEvent[] = [];
  const environments = {
    kindOf: (name: string) => (name === 'swarm' ? name : name === 'one' ? 'engine' : undefined),
  } as const;
  let parts: {
    folder: DataFolder;
    store: Store;
    authority: Authority;
    hosts: Hosts;
    port: AgentPort;
    admission: HostAdmission;
  };
  let portNumber = 0;

  const stage: HostStage = {
    get hosts() {
      return parts.hosts;
    },
    get port() {
      return parts.port;
    },
    get admission() {
      return parts.admission;
    },
    get authority() {
      return parts.authority;
    },
    get portNumber() {
      return portNumber;
    },
    events,
    clockOffMs: 0,
    async token({ environment = 'swarm', uses, expiresSeconds = 3600, replaces } = {}) {
      return (await parts.admission.create({ environment, uses, expiresSeconds, replaces })).token;
    },
    async restart() {
      await close();
      await open();
    },
    async stop() {
      await close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };

  async function open() {
    const folder = openDataFolder(dataDir);
    const store = await openStore(folder, { log });
    const now = () => new Date(Date.now() + stage.clockOffMs);
    const authority = await Authority.open(store.secrets, now);
    const hosts = new Hosts({
      store: store.hosts,
      environments,
      authority: async () => authority,
      publish: (event) => events.push(event),
      software: '1.0.0',
      log,
      now,
      ...(options.awaitMs === undefined ? {} : { awaitMs: options.awaitMs }),
    });
    const port = new AgentPort({
      listen: { host: '127.0.0.1', port: portNumber },
      agentUrl: undefined,
      publicUrl: undefined,
      authority: async () => authority,
      hosts,
      downloads: options.downloads ?? noFiles,
      log,
      ...options.port,
    });
    parts = { folder, store, authority, hosts, port, admission: new HostAdmission(hosts, environments, port) };
    await hosts.start();
    await port.start();
    if (portNumber === 0) await port.open();
    portNumber = port.port ?? portNumber;
  }

  async function close() {
    await parts.port.stop();
    await parts.hosts.stop();
    await parts.store.close();
    parts.folder.release();
  }

  await open();
  return stage;
}
