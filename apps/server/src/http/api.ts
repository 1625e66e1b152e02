import type { IncomingMessage, ServerResponse } from 'node:http';
import { InternalError } from '@drover/base';
import type { RouteMeta } from '@drover/contract';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { authorise, type Principal } from '../domain/authorise.ts';
import type { Domain } from '../domain/domain.ts';
import type { Log } from '../domain/log.ts';
import { Refusal } from '../domain/refusal.ts';
import type { ApiAddress } from './api-address.ts';
import { uploadBlob } from './blob.ts';
import { readJsonBody } from './body.ts';
import { environmentOf, type RequestContext } from './context.ts';
import { type HttpError, toHttpError } from './error.ts';
import { guardStream } from './guard-stream.ts';
import { openApiDocument } from './openapi.ts';
import type { RouteMatch, RouteTable } from './route-table.ts';
import { createRouter } from './router.ts';

const jsonBytes = 24 * 1024 * 1024;
const publicBytes = 4096;

export interface ApiOptions {
  readonly domain: Domain;
  readonly table: RouteTable;
  readonly log: Log;
  readonly stopping: AbortSignal;
  readonly version: string;
}

/** Answers every request below `/api` that is no WebSocket. */
export type ApiHandler = (
  request: IncomingMessage & { body?: unknown },
  response: ServerResponse,
  address: ApiAddress,
) => Promise<void>;

/**
 * In this order: who asks, whether the route is allowed for them, whether its environment is there, then the body. Nothing of a request that is refused is read
 * but its head.
 */
export function createApi({ domain, table, log, stopping, version }: ApiOptions): ApiHandler {
  const report = (bug: unknown) => log.error({ err: bug }, 'a request failed by a bug');
  const handler = new OpenAPIHandler<RequestContext>(createRouter(domain), {
    interceptors: [
      async ({ next }) => {
        try {
          return await next();
        } catch (error) {
          throw toHttpError(error, report);
        }
      },
    ],
    clientInterceptors: [
      async ({ next, context, procedure }) => {
        // The table above and oRPC match paths each in their own way; should they ever differ, nobody gets in by that.
        if ((procedure['~orpc'].meta as RouteMeta).permission !== context.permission)
          throw new InternalError('routing a request: the permission checked is not that of the handler');
        return guardStream(await next(), (error) => toHttpError(error, report));
      },
    ],
  });

  return async (request, response, address) => {
    try {
      const principal = authenticate(domain, request);
      const found = findRoute(table, request.method ?? 'GET', address, principal);
      const { permission, scope } = found.route;
      const environment = scope === 'environment' ? domain.environments.get(address.environment) : undefined;
      const context: RequestContext = { principal, permission, environment, from: callerAddress(request), stopping };
      if (found.route.name === 'raw.openApi') return sendJson(response, 200, await openApiDocument(version));
      if (found.route.kind === 'text') return await sendText(response, found.route.name, context);
      if (found.route.kind === 'upload') return await uploadBlob(domain, request, response, found);
      if (found.route.kind === 'websocket')
        throw new Refusal('invalid', 'opening the stream: this address takes WebSockets only');
      request.body =
        request.method === 'GET' ? {} : await readJsonBody(request, permission === 'public' ? publicBytes : jsonBytes);
      const { matched } = await handler.handle(request, response, { prefix: '/api', context });
      if (!matched) throw new InternalError(`routing ${request.method} ${address.path}: no handler`);
    } catch (error) {
      sendError(response, toHttpError(error, report));
    }
  };
}

/** The caller of a request, by its bearer token. */
function authenticate(domain: Domain, request: IncomingMessage): Principal | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const token = /^Bearer ([A-Za-z0-9._~+/=-]{1,200})$/i.exec(header)?.[1];
  if (token === undefined)
    throw new Refusal('unauthenticated', 'signing in: the Authorization header is not "Bearer TOKEN"');
  return domain.sessions.authenticate(token, callerAddress(request));
}

function findRoute(
  table: RouteTable,
  method: string,
  { path, prefix }: ApiAddress,
  principal: Principal | undefined,
): RouteMatch {
  const found = table.find(method, path);
  const permission = typeof found === 'object' ? found.route.permission : 'read';
  const verdict = authorise(principal, permission);
  if (verdict === 'unauthenticated')
    throw new Refusal('unauthenticated', 'this needs a token: Authorization: Bearer TOKEN');
  if (verdict === 'forbidden') throw new Refusal('forbidden', `this needs the permission "${permission}"`);
  if (found === undefined) throw new Refusal('not-found', `there is no route ${method} /api${prefix}${path}`);
  if (found === 'other-method') throw new Refusal('invalid', `the route /api${prefix}${path} takes no ${method}`);
  if (found.route.scope === 'server' && prefix !== '')
    throw new Refusal(
      'not-found',
      `there is no route ${method} /api${prefix}${path}: this belongs to the server, not to an environment; ask /api${path}`,
    );
  return found;
}

/** The address that a request comes from. */
export function callerAddress(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? 'unknown';
}

/** Answers of which the text is made by the domain, without a schema in between: lists of very many. */
async function sendText(response: ServerResponse, name: string, context: RequestContext): Promise<void> {
  if (name !== 'raw.containerList') throw new InternalError(`answering ${name}: no handler`);
  sendJsonText(response, 200, await environmentOf(context).containers.slim());
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendJsonText(response, status, JSON.stringify(body));
}

function sendJsonText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Sends an error where an answer has not begun; otherwise ends the connection, which the caller can see. */
export function sendError(response: ServerResponse, error: HttpError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error.code === 'TOO_MANY_REQUESTS') response.setHeader('retry-after', '60');
  if (error.code === 'UNAUTHORIZED') response.setHeader('www-authenticate', 'Bearer');
  // The rest of a body that was refused is not read: the connection cannot be used again.
  const { headers, complete } = response.req;
  if (!complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0))
    response.setHeader('connection', 'close');
  sendJson(response, error.status, error.toJSON());
}
