import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contract } from '@drover/contract';
import { contract } from '@drover/contract';
import { createEngine, type Engine } from '@drover/engine';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import type { EnvironmentHosts } from '../../src/domain/environment/environment-hosts.ts';
import { noHostYet } from '../../src/domain/environment/no-host-yet.ts';
import { type DroverServer, readSettings, type Settings, startServer } from '../../src/index.ts';
import { createLog } from '../../src/log.ts';

export type Client = ContractRouterClient<Contract>;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly body: unknown;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server of its own, on a free port, over an engine in memory. */
export interface Stage<Behind extends Engine = FakeEngine> {
  readonly engine: Behind;
  readonly dataDir: string;
  readonly url: string;
  readonly token: string;
  readonly client: Client;
  clientWith(token: string): Client;
  /** A client of another environment. */
  clientOf(environment: string): Client;
  /** A bare HTTP call below `/api`; `token: null` sends none. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Stops the server and starts another one on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StageOptions {
  readonly settings?: Partial<Settings>;
  /** The engines of environments other than `local`; one that is not named has no host. */
  readonly engines?: Readonly<Record<string, Engine>>;
  /** The hosts of environments of the kind `swarm`. */
  readonly hosts?: Readonly<Record<string, EnvironmentHosts>>;
}

const noHosts: EnvironmentHosts = {
  list: () => [],
  get: () => undefined,
  engineOf: () => {
    throw new Error('there is no host');
  },
  setPhase: async () => {},
  onChange: () => () => {},
};

export function openStage(options: StageOptions = {}): Promise<Stage> {
  return openStageOver(createFakeEngine(), options);
}

/** The same over an engine of one's own. */
export async function openStageOver<Behind extends Engine>(
  engine: Behind,
  options: StageOptions = {},
): Promise<Stage<Behind>> {
  const dataDir = options.settings?.dataDir ?? mkdtempSync(join(tmpdir(), 'drover-server-'));
  let server = await start();
  const token = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();

  async function start(): Promise<DroverServer> {
    const settings = { ...readSettings({ DROVER_DATA: dataDir, DROVER_LISTEN: '127.0.0.1:0' }), ...options.settings };
    const { engines } = options;
    const remoteEngineOf = (name: string) => engines?.[name] ?? createEngine({ dialer: noHostYet(name) });
    const { hosts } = options;
    const hostsOf = hosts === undefined ? {} : { hostsOf: (name: string) => hosts[name] ?? noHosts, lostMs: 200 };
    return await startServer(settings, {
      engine,
      remoteEngineOf,
      ...hostsOf,
      log: createLog('silent'),
      version: '0.0.0',
    });
  }

  const clientWith = (bearer: string, prefix = ''): Client =>
    createORPCClient(
      new OpenAPILink(contract, {
        url: () => `${server.url}/api${prefix}`,
        headers: { authorization: `Bearer ${bearer}` },
      }),
    );

  return {
    engine,
    dataDir,
    get url() {
      return server.url;
    },
    token,
    client: clientWith(token),
    clientWith: (bearer) => clientWith(bearer),
    clientOf: (environment) => clientWith(token, `/environments/${environment}`),
    call: (method, path, call = {}) => bareCall(server.url, token, method, path, call),
    async restart() {
      await server.stop();
      server = await start();
    },
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Sends exactly what it is told, also what `fetch` would refuse or mend. */
export function bareCall(
  url: string,
  ownToken: string,
  method: string,
  path: string,
  { token = ownToken, body, raw, headers }: CallOptions,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const call = request(
      {
        hostname,
        port,
        method,
        path: `/api${path}`,
        agent: false,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) }),
        );
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(payload);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
