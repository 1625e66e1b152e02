import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecStart } from '@drover/contract';
import { type WebSocket, WebSocketServer } from 'ws';
import { authorise } from '../domain/authorise.ts';
import type { Domain } from '../domain/domain.ts';
import type { EnvironmentDomain } from '../domain/environment/environment-domain.ts';
import type { Log } from '../domain/log.ts';
import type { ApiAddress } from './api-address.ts';
import { toHttpError } from './error.ts';
import type { RouteTable } from './route-table.ts';
import { serveTerminal } from './terminal-socket.ts';

export interface WebSocketsOptions {
  readonly domain: Domain;
  readonly table: RouteTable;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

export interface WebSockets {
  /** `address` is undefined for what is not below `/api`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, address: ApiAddress | undefined): void;
  stop(): void;
}

interface Admitted {
  readonly purpose: 'exec' | 'attach';
  readonly environment: EnvironmentDomain;
  readonly container: string;
  readonly ended: AbortSignal;
}

const frameBytes = 1024 * 1024;
const heartbeatMs = 30_000;

/** A close with this code says no; its reason is the sentence. */
const policyViolation = 1008;

/** The WebSocket routes: each connection is let in by a single-use ticket and the same authorisation as everything else. */
export function createWebSockets({ domain, table, log, stopping }: WebSocketsOptions): WebSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: frameBytes, perMessageDeflate: false });
  const explain = (error: unknown) =>
    toHttpError(error, (bug) => log.error({ err: bug }, 'a WebSocket failed by a bug')).message;

  const admit = (request: IncomingMessage, address: ApiAddress | undefined): Admitted | string => {
    const found = address === undefined ? undefined : table.find('GET', address.path);
    if (address === undefined || typeof found !== 'object' || found.route.kind !== 'websocket')
      return 'there is no WebSocket at this address';
    const purpose = found.route.name === 'raw.exec' ? 'exec' : 'attach';
    const container = found.parameters.get('id') ?? '';
    const ticket = URL.parse(request.url ?? '', 'http://localhost')?.searchParams.get('ticket') ?? '';
    const principal = domain.tickets.use(ticket, { purpose, environment: address.environment, container });
    if (authorise(principal, found.route.permission) !== 'allowed' || principal === undefined)
      return 'the ticket is not good: it was used, has expired, or is for something else';
    const environment = domain.environments.get(address.environment);
    const ended = AbortSignal.any([stopping, principal.ended, environment.ended]);
    return { purpose, environment, container, ended };
  };

  const tryAdmit: typeof admit = (request, address) => {
    try {
      return admit(request, address);
    } catch (error) {
      return explain(error);
    }
  };

  const serve = async (socket: WebSocket, { purpose, environment, container, ended }: Admitted) => {
    const gone = new AbortController();
    const terminate = () => socket.terminate();
    socket.on('close', () => gone.abort());
    ended.addEventListener('abort', terminate, { once: true });
    const stopHeartbeat = keepAlive(socket);
    const open = (start: ExecStart) =>
      purpose === 'exec'
        ? environment.containers.exec(container, start, gone.signal)
        : environment.containers.attach(container, gone.signal);
    await serveTerminal({ socket, open, explain });
    stopHeartbeat();
    ended.removeEventListener('abort', terminate);
  };

  return {
    upgrade(request, raw, head, address) {
      server.handleUpgrade(request, raw, head, (socket) => {
        socket.on('error', () => socket.terminate());
        const admitted = tryAdmit(request, address);
        if (typeof admitted === 'string') socket.close(policyViolation, admitted);
        else void serve(socket, admitted);
      });
    },
    stop() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

// A peer that vanished without a word is noticed, and its process let go of.
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) socket.terminate();
    answered = false;
    socket.ping();
  }, heartbeatMs);
  timer.unref();
  return () => clearInterval(timer);
}
