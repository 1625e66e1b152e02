import type { X509Certificate } from 'node:crypto';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { messageOf } from '@drover/base';
import {
  joinAlpn,
  publicKeyFingerprint,
  refuseTunnel,
  type Refusal as TunnelRefusal,
  tunnelAlpn,
} from '@drover/tunnel';
import type { Authority } from '../authority/authority.ts';
import type { Entrance, OpenEntrance } from '../domain/host/entrance.ts';
import { hostUri } from '../domain/host/host-authority.ts';
import type { Hosts } from '../domain/host/hosts.ts';
import { Timers } from '../domain/host/timers.ts';
import type { Log } from '../domain/log.ts';
import { Refusal } from '../domain/refusal.ts';
import { ListenError } from '../http/http-server.ts';
import { isLoopback } from '../settings.ts';
import { agentUrl, certificateNames, type ListenAddress } from './agent-address.ts';
import { type AgentDownloads, createAgentHandler } from './agent-http.ts';
import { ConnectionLimit, type ConnectionLimits } from './connection-limit.ts';

export interface AgentPortOptions {
  /** Undefined: agents may not dial in. */
  readonly listen: ListenAddress | undefined;
  /** The address that agents dial, where it is another than the listener's. */
  readonly agentUrl: URL | undefined;
  readonly publicUrl: URL | undefined;
  readonly authority: () => Promise<Authority>;
  readonly hosts: Hosts;
  readonly downloads: AgentDownloads;
  readonly log: Log;
  /** Milliseconds that a TLS handshake may take; 10 s where nothing is said. */
  readonly handshakeMs?: number;
  /** Of connections that are no tunnel yet. */
  readonly limits?: ConnectionLimits;
}

const certificateCheckMs = 24 * 3_600_000;
/** A download whose other end takes nothing for so long is given up. */
const idleMs = 60_000;

/**
 * The one port of agents. TLS 1.3; by ALPN a connection is a tunnel, which needs a host's certificate, or HTTP/1.1 for joining
 * and downloads.
 *
 * INVARIANTS: nothing listens while no host is known and no token open; every connection that is no tunnel is counted and
 * bounded in time; a certificate alone opens nothing, `Hosts` has the last word.
 */
export class AgentPort implements Entrance {
  readonly #options: AgentPortOptions;
  readonly #limit: ConnectionLimit;
  readonly #timers = new Timers();
  #opening: Promise<OpenEntrance> | undefined;
  #tls: TlsServer | undefined;
  #http: HttpServer | undefined;

  constructor(options: AgentPortOptions) {
    this.#options = options;
    // A thousand agents may come from behind one address at once.
    this.#limit = new ConnectionLimit(options.limits ?? { each: 512, all: 4096 });
  }

  /** Listens if somebody may dial in. Throws `ListenError` when the port is taken. */
  async start(): Promise<void> {
    if (this.#options.listen !== undefined && (await this.#options.hosts.areExpected())) await this.#listening();
  }

  async open(): Promise<OpenEntrance> {
    if (this.#options.listen === undefined)
      throw new Refusal('not-now', 'adding a host: the port of agents is switched off (DROVER_AGENT_LISTEN=off)');
    try {
      return await this.#listening();
    } catch (error) {
      if (error instanceof ListenError) throw new Refusal('not-now', `adding a host: ${error.message}`);
      throw error;
    }
  }

  /** The port that it listens on, while it does. */
  get port(): number | undefined {
    return (this.#tls?.address() as AddressInfo | null | undefined)?.port;
  }

  /** Listens no more and ends what is no tunnel; tunnels are ended by `Hosts`. */
  async stop(): Promise<void> {
    this.#timers.stop();
    await this.#opening?.catch(() => {});
    this.#tls?.close();
    this.#http?.closeAllConnections();
  }

  #listening(): Promise<OpenEntrance> {
    this.#opening ??= this.#listen().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #listen(): Promise<OpenEntrance> {
    const { listen, publicUrl, log } = this.#options;
    if (listen === undefined) throw new Refusal('not-now', 'the port of agents is switched off');
    const authority = await this.#options.authority();
    const identityFor = (port: number) => {
      const url = agentUrl({ ...listen, port }, this.#options.agentUrl, publicUrl);
      return { url, identity: authority.listenerIdentity(certificateNames(url, listen)) };
    };
    const { key, chain } = await identityFor(listen.port).identity;
    const tls = createTlsServer({
      key,
      cert: chain,
      ca: authority.certificate,
      minVersion: 'TLSv1.3',
      requestCert: true,
      // Who has none may join; who comes for a tunnel is looked at below.
      rejectUnauthorized: false,
      ALPNProtocols: [tunnelAlpn, joinAlpn],
      handshakeTimeout: this.#options.handshakeMs ?? 10_000,
      noDelay: true,
    });
    await bind(tls, listen);
    const port = (tls.address() as AddressInfo).port;
    const { url } = identityFor(port);
    const http = createHttpServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 5000 });
    http.on('request', createAgentHandler({ ...this.#options, url, authority }));
    this.#serve(tls, http);
    this.#timers.every(certificateCheckMs, () => {
      identityFor(port)
        .identity.then((renewed) =>
          tls.setSecureContext({ key: renewed.key, cert: renewed.chain, ca: authority.certificate }),
        )
        .catch((error) =>
          log.error({ reason: messageOf(error) }, "the certificate of the agents' port was not renewed"),
        );
    });
    log.info({ url, listen: `${listen.host}:${port}` }, 'agents may dial in');
    return { url, pin: authority.listenerPin, warning: this.#warning(url) };
  }

  #warning(url: string): string | undefined {
    if (!isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''))) return undefined;
    return `only this machine can reach ${url}: for others, start the server with DROVER_AGENT_LISTEN=0.0.0.0:8421 (and DROVER_AGENT_URL where they know it by another address)`;
  }

  #serve(tls: TlsServer, http: HttpServer): void {
    const { log } = this.#options;
    this.#tls = tls;
    this.#http = http;
    const places = new Map<string, () => void>();
    tls.on('connection', (socket) => {
      const address = socket.remoteAddress ?? '';
      const giveBack = this.#limit.take(address);
      if (giveBack === undefined) return socket.destroy();
      const place = `${address} ${socket.remotePort}`;
      places.set(place, giveBack);
      socket.once('close', () => {
        places.delete(place);
        giveBack();
      });
    });
    tls.on('tlsClientError', (error, socket) => {
      log.debug({ address: socket.remoteAddress, reason: messageOf(error) }, 'a handshake with an agent failed');
      socket.destroy();
    });
    tls.on('secureConnection', (socket) => {
      socket.on('error', (error) => {
        log.debug({ address: socket.remoteAddress, reason: messageOf(error) }, 'a connection of an agent broke');
      });
      if (socket.alpnProtocol === tunnelAlpn) {
        void this.#connect(socket, () => places.get(`${socket.remoteAddress} ${socket.remotePort}`)?.());
        return;
      }
      socket.setTimeout(idleMs, () => socket.destroy());
      http.emit('connection', socket);
    });
  }

  async #connect(socket: TLSSocket, giveBack: () => void): Promise<void> {
    const address = socket.remoteAddress ?? 'unknown';
    const peer = peerOf(socket);
    if ('reason' in peer) {
      this.#options.log.debug({ address, reason: peer.reason }, `an agent gets no tunnel: ${peer.message}`);
      await refuseTunnel(socket, peer).catch(() => socket.destroy());
      return;
    }
    await this.#options.hosts.connect(socket, { ...peer, address });
    // A tunnel that stands is counted as its host, of which there is one of each.
    giveBack();
  }
}

/** Who a TLS connection proved to be, or why that is nobody. */
function peerOf(socket: TLSSocket): { readonly hostId: string; readonly keyFingerprint: string } | TunnelRefusal {
  const certificate = socket.getPeerX509Certificate() as X509Certificate | undefined;
  if (certificate === undefined)
    return { reason: 'no-certificate', message: 'a tunnel needs the certificate of a host: join first' };
  if (!socket.authorized) return unproven(certificate, socket.authorizationError);
  const hostId = (certificate.subjectAltName ?? '')
    .split(', ')
    .find((name) => name.startsWith(`URI:${hostUri}`))
    ?.slice(`URI:${hostUri}`.length);
  if (hostId === undefined) return { reason: 'no-host', message: 'the certificate names no host: join again' };
  return { hostId, keyFingerprint: publicKeyFingerprint(certificate) };
}

function unproven(certificate: X509Certificate, error: Error | string | null | undefined): TunnelRefusal {
  const code = String(error instanceof Error ? (error as NodeJS.ErrnoException).code : error);
  if (code === 'CERT_HAS_EXPIRED')
    return {
      reason: 'certificate-expired',
      message: `the certificate of this host ended on ${certificate.validTo}: run the line of drover host add again, which repairs it`,
    };
  return {
    reason: 'foreign-certificate',
    message: `the certificate of this host is not of this server (${code}): join it with drover host add`,
  };
}

function bind(server: TlsServer, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'another program listens there; stop it, or choose another address with DROVER_AGENT_LISTEN'
          : messageOf(error);
      reject(new ListenError(`listening for agents on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}
