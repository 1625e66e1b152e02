import { connect as connectPlain, isIP, type NetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

/**
 * Makes one new connection to a Docker socket. Rejects with a reason in words, and when the signal fires.
 * Everything that reaches an engine is built on this: a socket file, TCP, TLS, a tunnel.
 */
export type Dialer = (signal?: AbortSignal) => Promise<Duplex>;

/** Milliseconds until an address that does not answer is given up. */
const connectTimeout = 10_000;
const keepAliveDelay = 30_000;

/** Certificates in PEM. */
export interface TlsFiles {
  readonly ca?: string | Buffer | undefined;
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  /** The name that the certificate must bear, where it is not the host. */
  readonly servername?: string | undefined;
}

/** Dials a socket file, or a named pipe on Windows. */
export function unixDialer(path: string): Dialer {
  return (signal) => open((options) => connectPlain({ ...options, path }), `the socket ${path}`, signal);
}

export function tcpDialer(host: string, port: number): Dialer {
  const where = `${host}:${port}`;
  return (signal) => open((options) => connectPlain({ ...options, host, port, ...tcpOptions }), where, signal);
}

/** Dials TLS and trusts the given authority, or the system's where there is none. */
export function tlsDialer(host: string, port: number, files: TlsFiles): Dialer {
  const certificates = Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined));
  const tls: ConnectionOptions = { host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...certificates };
  return (signal) =>
    open((options) => connectTls({ ...tls, ...options, ...tcpOptions }), `${host}:${port}`, signal, 'secureConnect');
}

const tcpOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelay } as const;

type Connect = (options: Pick<NetConnectOpts, 'timeout'>) => ReturnType<typeof connectPlain>;

function open(connect: Connect, where: string, signal: AbortSignal | undefined, ready = 'connect'): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const socket = connect({ timeout: connectTimeout });
    const settle = (error: unknown) => {
      signal?.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('timeout', onTimeout).off(ready, onReady);
      if (error === null) {
        socket.setTimeout(0);
        resolve(socket);
      } else {
        socket.on('error', () => {});
        socket.destroy();
        reject(error);
      }
    };
    const onAbort = () => settle(signal?.reason);
    const onError = (error: NodeJS.ErrnoException) => settle(new Error(inWords(error, where), { cause: error }));
    const onTimeout = () => settle(new Error(`${where} does not answer`));
    const onReady = () => settle(null);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.on('error', onError).on('timeout', onTimeout).on(ready, onReady);
  });
}

function inWords(error: NodeJS.ErrnoException, where: string): string {
  switch (error.code) {
    case 'ENOENT':
      return `no engine answers on ${where}: the file does not exist`;
    case 'ECONNREFUSED':
      return `no engine answers on ${where}`;
    case 'EACCES':
    case 'EPERM':
      return `${where} may not be used by this user; is it in the group "docker"?`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${where} is no known host`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `${where} cannot be reached`;
    default:
      return `connecting to ${where} failed: ${error.message}`;
  }
}
