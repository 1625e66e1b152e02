import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { authorise } from '../domain/authorise.ts';
import type { Domain } from '../domain/domain.ts';
import type { Log } from '../domain/log.ts';
import type { RouteTable } from './route-table.ts';

export interface WebSocketsOptions {
  readonly domain: Domain;
  readonly table: RouteTable;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

export interface WebSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): void;
  stop(): void;
}

const frameBytes = 1024 * 1024;

/** Closes with this say no; the reason is the sentence. */
const policyViolation = 1008;

/** The WebSocket routes: each connection is let in by a single-use ticket and the same authorisation as everything else. */
export function createWebSockets({ domain, table, stopping }: WebSocketsOptions): WebSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: frameBytes, perMessageDeflate: false });
  return {
    upgrade(request, socket, head, path) {
      server.handleUpgrade(request, socket, head, (connection) => {
        const refusal = admit(connection, request, path);
        if (refusal !== undefined) connection.close(policyViolation, refusal);
      });
    },
    stop() {
      for (const connection of server.clients) connection.terminate();
      server.close();
    },
  };

  function admit(connection: WebSocket, request: IncomingMessage, path: string): string | undefined {
    const found = path.startsWith('/api/') ? table.find('GET', path.slice('/api'.length)) : undefined;
    if (typeof found !== 'object' || found.route.kind !== 'websocket') return 'there is no WebSocket at this address';
    const purpose = found.route.name === 'raw.exec' ? 'exec' : 'attach';
    const container = found.parameters.get('id') ?? '';
    const ticket = URL.parse(request.url ?? '', 'http://localhost')?.searchParams.get('ticket') ?? '';
    const principal = domain.tickets.use(ticket, purpose, container);
    if (authorise(principal, found.route.permission) !== 'allowed' || principal === undefined)
      return 'the ticket is not good: it was used, has expired, or is for something else';
    const ended = AbortSignal.any([stopping, principal.ended]);
    ended.addEventListener('abort', () => connection.terminate(), { once: true });
    return 'not built yet';
  }
}
