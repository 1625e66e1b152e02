import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createEngine, type Engine, unixDialer } from '@drover/engine';

/** A real HTTP server on a socket file, in the place of an engine, that answers what a test says. */
export interface TestServer {
  readonly path: string;
  readonly engine: Engine;
  /** Every connection so far, oldest first. */
  readonly connections: readonly Socket[];
  /** `METHOD path` of every request but `/_ping`, oldest first. */
  readonly requests: readonly string[];
  onRequest: (request: IncomingMessage, response: ServerResponse, connection: number) => void;
  onUpgrade: (request: IncomingMessage, socket: Duplex) => void;
  pingVersion: string;
  pings: number;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-engine-'));
  const path = join(folder, 'engine.sock');
  const connections: Socket[] = [];
  const requests: string[] = [];
  const engine = createEngine({ dialer: unixDialer(path) });
  const server: Server = createServer((request, response) => {
    if (request.url === '/_ping') {
      state.pings += 1;
      response.setHeader('Api-Version', state.pingVersion).setHeader('Ostype', 'linux').end('OK');
      return;
    }
    requests.push(`${request.method} ${request.url}`);
    state.onRequest(request, response, connections.indexOf(request.socket));
  });
  server.on('connection', (socket) => connections.push(socket));
  server.on('upgrade', (request, socket, head) => {
    // Node takes the body of a request that asks for an upgrade for the first bytes after it.
    if (head.length > 0) socket.unshift(head);
    requests.push(`${request.method} ${request.url}`);
    state.onUpgrade(request, socket);
  });
  const state: TestServer = {
    path,
    engine,
    connections,
    requests,
    onRequest: (_, response) => response.end(),
    onUpgrade: (_, socket) => socket.destroy(),
    pingVersion: '1.47',
    pings: 0,
    [Symbol.asyncDispose]: async () => {
      engine.close();
      server.closeAllConnections();
      for (const connection of connections) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return state;
}

/** Answers one request with JSON. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

/** One frame of a multiplexed stream. */
export function frame(type: number, payload: string | Uint8Array): Buffer {
  const data = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}
