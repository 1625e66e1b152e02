import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import {
  acceptTunnel,
  type JoinRequest,
  joinAlpn,
  paths,
  publicKeyFingerprint,
  type Refusal,
  readJoinRequest,
  type Tunnel,
  tunnelAlpn,
} from '@drover/tunnel';
import { TestAuthority } from './test-authority.ts';

/** A server's port for agents, as far as an agent can see it. */
export class TestListener {
  readonly authority: TestAuthority;
  readonly joins: { readonly request: JoinRequest; readonly shown: string | undefined }[] = [];
  readonly tunnels: Tunnel[] = [];
  /** The fingerprint of the key behind each tunnel. */
  readonly hosts: string[] = [];
  /** Refuses every join where it is set. */
  refusal: Refusal | undefined;
  port = 0;
  readonly #credentials: { readonly cert: string; readonly key: string };
  #server: Server | undefined;
  readonly #sockets = new Set<TLSSocket>();
  #waiting: (() => void)[] = [];

  private constructor(authority: TestAuthority, credentials: { readonly cert: string; readonly key: string }) {
    this.authority = authority;
    this.#credentials = credentials;
  }

  static async start(
    make: (authority: TestAuthority) => Promise<{ cert: string; key: string }> = (authority) => authority.server(),
  ): Promise<TestListener> {
    const authority = await TestAuthority.make();
    const listener = new TestListener(authority, await make(authority));
    await listener.listen();
    return listener;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.port };
  }

  async listen(): Promise<void> {
    const http = createHttpServer((request, response) => {
      void this.#join(request).then(({ status, body }) => {
        response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
        response.end(JSON.stringify(body));
      });
    });
    this.#server = createServer({
      ...this.#credentials,
      ca: this.authority.certificate,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
      ALPNProtocols: [tunnelAlpn, joinAlpn],
    });
    this.#server.on('tlsClientError', () => {});
    this.#server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.#sockets.delete(socket));
      if (socket.alpnProtocol === tunnelAlpn) void this.#accept(socket);
      else http.emit('connection', socket);
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /** As a server that ends, or is killed. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
    await once(this.#server!, 'close');
  }

  /** The nth tunnel, once it is there. */
  async tunnel(nth: number): Promise<Tunnel> {
    while (this.tunnels.length <= nth) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.tunnels[nth]!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server?.listening) await this.stop();
  }

  async #accept(socket: TLSSocket): Promise<void> {
    const certificate = socket.getPeerX509Certificate();
    if (!socket.authorized || certificate === undefined) return void socket.destroy();
    try {
      const tunnel = await acceptTunnel(socket);
      this.hosts.push(publicKeyFingerprint(certificate));
      this.tunnels.push(tunnel);
      for (const tell of this.#waiting.splice(0)) tell();
    } catch {
      // The agent's side says what it was.
    }
  }

  async #join(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (request.method !== 'POST' || request.url !== paths.join) return { status: 404, body: {} };
    const joined = readJoinRequest(JSON.parse(Buffer.concat(parts).toString()));
    const shown = (request.socket as TLSSocket).getPeerX509Certificate();
    this.joins.push({ request: joined, shown: shown === undefined ? undefined : publicKeyFingerprint(shown) });
    if (this.refusal !== undefined) return { status: 403, body: this.refusal };
    const certificate = await this.authority.agent(joined.csr, 'host-1');
    return { status: 200, body: { hostId: 'host-1', certificate, authority: this.authority.certificate } };
  }
}
