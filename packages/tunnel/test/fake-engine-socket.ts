import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  type AttachedStream,
  type ContainerCreateBody,
  EngineError,
  type ExecCreateBody,
  type ExecId,
  type Filters,
  type LogOptions,
  type NetworkCreateBody,
  type OutputChunk,
} from '@drover/engine';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';

/** The engine in memory behind a socket file that speaks the Engine API, as far as the contract's streams and events go. */
export interface FakeEngineSocket {
  readonly engine: FakeEngine;
  readonly path: string;
  /** Connections that are open now. */
  readonly open: () => number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** `keepAliveMs`: how long an idle connection is kept; Node adds a second. */
export async function serveFakeEngine({ keepAliveMs = 5000 } = {}): Promise<FakeEngineSocket> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-fake-'));
  const path = join(folder, 'engine.sock');
  const engine = createFakeEngine();
  const sockets = new Set<Duplex>();
  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    answer(engine, request, response).catch((error: unknown) => fail(response, error));
  });
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    if (head.length > 0) socket.unshift(head);
    hijack(engine, request, socket).catch((error: unknown) => refuseHijack(socket, error));
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    engine,
    path,
    open: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

type Answer = (engine: FakeEngine, call: Call) => Promise<unknown>;

interface Call {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
  json<T>(): Promise<T>;
}

const routes: readonly (readonly [string, RegExp, Answer])[] = [
  [
    'POST',
    /^\/containers\/create$/,
    async (engine, { query, json }) =>
      engine.containers.create(await json<ContainerCreateBody>(), { name: query.get('name') ?? undefined }),
  ],
  ['GET', /^\/info$/, (engine) => engine.system.info()],
  [
    'GET',
    /^\/containers\/json$/,
    (engine, { query }) =>
      engine.containers.list({
        all: query.get('all') === '1',
        filters: JSON.parse(query.get('filters') ?? '{}') as Filters,
      }),
  ],
  ['GET', /^\/containers\/(.+)\/json$/, (engine, { id }) => engine.containers.inspect(id)],
  ['POST', /^\/containers\/(.+)\/start$/, (engine, { id }) => engine.containers.start(id)],
  ['POST', /^\/containers\/(.+)\/stop$/, (engine, { id }) => engine.containers.stop(id, { timeout: 0 })],
  ['POST', /^\/containers\/(.+)\/kill$/, (engine, { id }) => engine.containers.kill(id)],
  ['POST', /^\/containers\/(.+)\/restart$/, (engine, { id }) => engine.containers.restart(id, { timeout: 0 })],
  [
    'POST',
    /^\/containers\/(.+)\/rename$/,
    (engine, { id, query }) => engine.containers.rename(id, query.get('name') ?? ''),
  ],
  ['DELETE', /^\/containers\/(.+)$/, (engine, { id }) => engine.containers.remove(id, { force: true, volumes: true })],
  [
    'POST',
    /^\/containers\/(.+)\/exec$/,
    async (engine, { id, json }) => ({
      Id: await engine.exec.create(id, await json<ExecCreateBody>()),
    }),
  ],
  ['GET', /^\/exec\/(.+)\/json$/, (engine, { id }) => engine.exec.inspect(id as ExecId)],
  ['POST', /^\/networks\/create$/, async (engine, { json }) => engine.networks.create(await json<NetworkCreateBody>())],
  ['DELETE', /^\/networks\/(.+)$/, (engine, { id }) => engine.networks.remove(id)],
  ['DELETE', /^\/volumes\/(.+)$/, (engine, { id }) => engine.volumes.remove(id)],
  [
    'PUT',
    /^\/containers\/(.+)\/archive$/,
    (engine, { id, query, request }) => engine.containers.putArchive(id, query.get('path') ?? '', request),
  ],
];

const streams: readonly (readonly [string, RegExp, (engine: FakeEngine, call: Call) => Promise<void>])[] = [
  [
    'GET',
    /^\/containers\/(.+)\/logs$/,
    async (engine, { id, query, response, signal }) => {
      const logs = engine.containers.logs(id, { ...logOptions(query), signal });
      for await (const chunk of logs) begin(response, multiplexed).write(frame(chunk));
      begin(response, multiplexed).end();
    },
  ],
  [
    'GET',
    /^\/events$/,
    async (engine, { query, response, signal }) => {
      const since = query.get('since') ?? undefined;
      const filters = JSON.parse(query.get('filters') ?? '{}') as Record<string, string[]>;
      const events = await engine.events.open({ filters, since, signal });
      begin(response, 'application/json').flushHeaders();
      for await (const event of events) response.write(`${JSON.stringify(event)}\n`);
      response.end();
    },
  ],
  [
    'POST',
    /^\/containers\/(.+)\/wait$/,
    async (engine, { id, response, signal }) => {
      const onRegistered = () => begin(response, 'application/json').flushHeaders();
      response.end(JSON.stringify(await engine.containers.wait(id, { signal, onRegistered })));
    },
  ],
  [
    'GET',
    /^\/containers\/(.+)\/archive$/,
    async (engine, { id, query, response }) => {
      const { stat, archive } = await engine.containers.getArchive(id, query.get('path') ?? '');
      response.setHeader('X-Docker-Container-Path-Stat', encode(stat));
      archive.pipe(begin(response, 'application/x-tar'));
    },
  ],
  [
    'HEAD',
    /^\/containers\/(.+)\/archive$/,
    async (engine, { id, query, response }) => {
      const stat = await engine.containers.statArchive(id, query.get('path') ?? '');
      response.setHeader('X-Docker-Container-Path-Stat', encode(stat)).end();
    },
  ],
];

const multiplexed = 'application/vnd.docker.multiplexed-stream';

async function answer(engine: FakeEngine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { path, query } = parts(request);
  if (path === '/_ping') {
    response.writeHead(200, { 'Api-Version': await engine.apiVersion(), Ostype: 'linux' }).end('OK');
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { method } = request;
  const find = <T>(table: readonly (readonly [string, RegExp, T])[]) =>
    table.find(([wanted, pattern]) => wanted === method && pattern.test(path));
  const found = find(routes);
  const streamed = found === undefined ? find(streams) : undefined;
  const id = decodeURIComponent((found ?? streamed)?.[1].exec(path)?.[1] ?? '');
  const json = async <T>() => JSON.parse((await bytesOf(request)).toString()) as T;
  const call = { id, query, request, response, signal: gone.signal, json };
  if (streamed !== undefined) return streamed[2](engine, call);
  if (found === undefined) throw new Error(`the fake engine's socket does not know ${method} ${path}`);
  const value = await found[2](engine, call);
  response.writeHead(value === undefined ? 204 : 200, { 'Content-Type': 'application/json' });
  response.end(value === undefined ? undefined : JSON.stringify(value));
}

async function hijack(engine: FakeEngine, request: IncomingMessage, socket: Duplex): Promise<void> {
  const { path, query } = parts(request);
  await exactly(socket, Number(request.headers['content-length'] ?? 0));
  const [, kind, id = ''] = /^\/(exec|containers)\/(.+)\/(?:start|attach)$/.exec(path) ?? [];
  const attached: AttachedStream =
    kind === 'exec'
      ? await engine.exec.start(id as ExecId)
      : await engine.containers.attach(id, { stdin: query.get('stdin') === '1' });
  socket.write(`HTTP/1.1 101 UPGRADED\r\nContent-Type: ${multiplexed}\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`);
  socket.once('close', () => attached.close());
  attached.input.on('error', () => {});
  socket.pipe(attached.input);
  for await (const chunk of attached.output) socket.write(frame(chunk));
  socket.end();
}

function refuseHijack(socket: Duplex, error: unknown): void {
  const body = JSON.stringify({ message: error instanceof EngineError ? error.reason : String(error) });
  const head = `HTTP/1.1 ${statusOf(error)} No\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  socket.end(`${head}\r\n\r\n${body}`);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(statusOf(error), { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ message: error instanceof EngineError ? error.reason : String(error) }));
}

function statusOf(error: unknown): number {
  const statuses: Readonly<Record<string, number>> = { 'bad-request': 400, 'not-found': 404, conflict: 409 };
  return error instanceof EngineError ? (statuses[error.code] ?? 500) : 500;
}

function begin(response: ServerResponse, type: string): ServerResponse {
  if (!response.headersSent) response.writeHead(200, { 'Content-Type': type });
  return response;
}

function parts(request: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  const url = new URL(request.url ?? '/', 'http://docker');
  return { path: url.pathname.replace(/^\/v1\.\d+/, ''), query: url.searchParams };
}

function logOptions(query: URLSearchParams): LogOptions {
  const on = (name: string) => ['1', 'true'].includes(query.get(name) ?? '');
  const tail = query.get('tail');
  return {
    follow: on('follow'),
    stdout: on('stdout'),
    stderr: on('stderr'),
    timestamps: on('timestamps'),
    ...(tail === null || tail === 'all' ? {} : { tail: Number(tail) }),
  };
}

function frame({ stream, data }: OutputChunk): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream === 'stderr' ? 2 : 1;
  header.writeUInt32BE(data.byteLength, 4);
  return Buffer.concat([header, data]);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

async function bytesOf(body: AsyncIterable<Buffer | Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of body) all.push(part);
  return Buffer.concat(all);
}

/** Takes so many bytes off the front of a stream. */
async function exactly(socket: Duplex, length: number): Promise<void> {
  for (let left = length; left > 0; ) {
    const part = socket.read(Math.min(left, socket.readableLength || left)) as Buffer | null;
    if (part === null) await once(socket, 'readable');
    else left -= part.length;
  }
}
