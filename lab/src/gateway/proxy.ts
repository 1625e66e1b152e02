import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import type { AllowList } from './allow-list.ts';

const idleMs = 120_000;
const connectionLimit = 256;

/** Headers that are between a client and its proxy only. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
]);

/** An HTTP proxy that reaches exactly the allowed addresses: plain requests in absolute form, and CONNECT. */
export function createProxy(allowed: AllowList): Server {
  const server = createServer((incoming, outgoing) => forward(allowed, incoming, outgoing));
  server.maxConnections = connectionLimit;
  server.requestTimeout = 0;
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) =>
    tunnel(allowed, incoming, client, head),
  );
  return server;
}

function forward(allowed: AllowList, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const url = URL.parse(incoming.url ?? '');
  if (url?.protocol !== 'http:') {
    refuse(outgoing, 400, 'this is a proxy; it takes requests with a whole http:// address');
    return;
  }
  if (!allowed.has(`${url.hostname}:${url.port || '80'}`)) {
    refuse(outgoing, 403, `${url.host} is not one of the package registries of this machine`);
    return;
  }
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !hopByHop.has(name)));
  const asked = request(url, { method: incoming.method ?? 'GET', headers, timeout: idleMs }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, outgoing, () => {});
  });
  asked.once('timeout', () => asked.destroy(new Error('no answer')));
  asked.once('error', (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, 502, `${url.host}: ${error.message}`);
  });
  pipeline(incoming, asked, () => {});
}

function tunnel(allowed: AllowList, incoming: IncomingMessage, client: Duplex, head: Buffer): void {
  const target = incoming.url ?? '';
  client.on('error', () => client.destroy());
  if (!allowed.has(target)) {
    const reason = `${target} is not one of the package registries of this machine\n`;
    client.end(
      `HTTP/1.1 403 Forbidden\r\nContent-Length: ${Buffer.byteLength(reason)}\r\nConnection: close\r\n\r\n${reason}`,
    );
    return;
  }
  const colon = target.lastIndexOf(':');
  const server = connect({
    host: target.slice(0, colon),
    port: Number(target.slice(colon + 1)),
    timeout: idleMs,
    // Either side may be done sending while the other's bytes are still on their way.
    allowHalfOpen: true,
  });
  server.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) server.write(head);
    server.pipe(client);
    client.pipe(server);
  });
  server.once('timeout', () => server.destroy());
  server.on('error', () => {
    // What it sent before is with the client already, or on the way; what the client still sends has nowhere to go.
    if (server.readableEnded) client.resume();
    else client.destroy();
  });
  client.once('close', () => server.destroy());
}

function refuse(outgoing: ServerResponse, status: number, reason: string): void {
  outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(`${reason}\n`);
}
