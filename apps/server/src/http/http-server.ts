import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { DroverError, messageOf } from '@drover/base';
import type { Domain } from '../domain/domain.ts';
import type { Log } from '../domain/log.ts';
import { createApi, sendError } from './api.ts';
import { type ApiAddress, parseApiPath } from './api-address.ts';
import { httpError } from './error.ts';
import { type OriginRules, originRefusal } from './origin.ts';
import { createRouteTable } from './route-table.ts';
import { createStaticHandler } from './static.ts';
import { createWebSockets } from './web-socket.ts';

export interface HttpServerOptions {
  readonly domain: Domain;
  readonly log: Log;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: URL | undefined;
  readonly webDir: string | undefined;
  readonly version: string;
}

export interface HttpServer {
  readonly address: { readonly host: string; readonly port: number };
  /** Ends streams and connections. */
  stop(): Promise<void>;
}

/** The listener cannot be opened. */
export class ListenError extends DroverError {
  readonly code = 'listen';
}

/** Listens, and serves API, WebSockets and web UI. Throws when a route has no permission or the port is taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { domain, log, host, port, publicUrl, webDir, version } = options;
  const stopping = new AbortController();
  const table = createRouteTable();
  const rules: OriginRules = { listenHost: host, publicUrl };
  const api = createApi({ domain, table, log, stopping: stopping.signal, version });
  const pages = createStaticHandler(webDir);
  const sockets = createWebSockets({ domain, table, log, stopping: stopping.signal });

  const server = createServer({ headersTimeout: 20_000, requestTimeout: 1_800_000, keepAliveTimeout: 30_000 });
  server.on('request', (request, response) => {
    setSafetyHeaders(response);
    const refused = originRefusal(rules, originOf(request));
    if (refused !== undefined) {
      sendError(response, httpError('FORBIDDEN', `refusing the request: ${refused}`, { reason: 'forbidden' }));
      return;
    }
    const url = urlOf(request);
    const address = takeAddress(request, url);
    const work =
      address === undefined ? pages(request, response, url?.pathname ?? '/') : api(request, response, address);
    work.catch((error) => {
      log.error({ err: error }, 'a request failed by a bug');
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const refused = originRefusal(rules, originOf(request));
    if (refused !== undefined) refuseUpgrade(socket, 403, refused);
    else sockets.upgrade(request, socket, head, takeAddress(request, urlOf(request)));
  });
  await listen(server, host, port);
  const bound = server.address();
  const address = { host, port: typeof bound === 'object' && bound !== null ? bound.port : port };
  return {
    address,
    async stop() {
      stopping.abort();
      sockets.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Streams end by themselves within a moment; whatever is left then is cut.
      const cut = setTimeout(() => server.closeAllConnections(), 500);
      server.closeIdleConnections();
      await closed;
      clearTimeout(cut);
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
      const why =
        error.code === 'EADDRINUSE'
          ? 'another program listens there; stop it, or choose another address with DROVER_LISTEN'
          : messageOf(error);
      reject(new ListenError(`listening on ${where}: ${why}`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

function setSafetyHeaders(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
}

function originOf(request: IncomingMessage) {
  return {
    host: request.headers.host,
    origin: request.headers.origin,
    localAddress: request.socket.localAddress,
  };
}

/** The address of a request, its dot segments resolved. */
function urlOf(request: IncomingMessage): URL | null {
  const url = request.url ?? '/';
  return URL.parse(url.startsWith('/') ? `http://localhost${url}` : url);
}

/**
 * Where a request to the API goes, undefined for any other. From here on the request itself says it without the prefix of its environment, for
 * every reader of it: routes, their handlers, uploads and WebSockets.
 */
function takeAddress(request: IncomingMessage, url: URL | null): ApiAddress | undefined {
  const path = url?.pathname ?? '/';
  if (path !== '/api' && !path.startsWith('/api/')) return undefined;
  const address = parseApiPath(path.slice('/api'.length) || '/');
  if (address.prefix !== '') request.url = `/api${address.path}${url?.search ?? ''}`;
  return address;
}

/** Answers an upgrade that does not become a WebSocket. */
export function refuseUpgrade(socket: Duplex, status: number, sentence: string): void {
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n${sentence}\n`,
  );
}
