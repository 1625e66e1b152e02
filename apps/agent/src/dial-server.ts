import type { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { serverCertificateName } from '@drover/tunnel';
import { AgentError } from './agent-error.ts';
import type { ServerAddress } from './command-line.ts';

/** Milliseconds until a server that does not answer is given up. */
const dialMs = 10_000;

export interface DialOptions {
  readonly server: ServerAddress;
  readonly alpn: string;
  /** The authority in PEM that the server has to be of; without it nothing is checked. */
  readonly authority?: string;
  /** This machine's own certificate and its key. */
  readonly client?: { readonly certificate: string; readonly key: string };
  readonly signal?: AbortSignal;
}

/** Connects to a server with TLS 1.3. Rejects with an `AgentError` in words. */
export function dialServer({ server, alpn, authority, client, signal }: DialOptions): Promise<TLSSocket> {
  const doing = `connecting to the server ${server.host}:${server.port}`;
  const trust: ConnectionOptions = authority === undefined ? { rejectUnauthorized: false } : { ca: authority };
  const own = client === undefined ? {} : { cert: client.certificate, key: client.key };
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const socket = connect({
      ...server,
      ...trust,
      ...own,
      servername: serverCertificateName,
      ALPNProtocols: [alpn],
      minVersion: 'TLSv1.3',
    });
    socket.setNoDelay(true);
    const settle = (error: unknown) => {
      signal?.removeEventListener('abort', onAbort);
      clearTimeout(timer);
      socket.off('error', onError).off('close', onClose);
      if (error === undefined) return resolve(socket);
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onAbort = () => settle(signal?.reason);
    const onError = (error: NodeJS.ErrnoException) => settle(inWords(doing, error));
    const onClose = () => settle(new AgentError('unreachable', `${doing}: it ended the connection`));
    const timer = setTimeout(
      () => settle(new AgentError('unreachable', `${doing}: it does not answer within ${dialMs / 1000} s`)),
      dialMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError);
    socket.once('secureConnect', () => {
      if (socket.alpnProtocol === alpn) settle(undefined);
      else settle(new AgentError('wrong-server', `${doing}: what answers there is no Drover server`));
    });
    socket.once('close', onClose);
  });
}

function inWords(doing: string, error: NodeJS.ErrnoException): AgentError {
  const cause = { cause: error };
  switch (error.code) {
    case 'CERT_NOT_YET_VALID':
    case 'CERT_HAS_EXPIRED':
      return clockError(doing);
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'INVALID_PURPOSE':
      return new AgentError('wrong-server', `${doing}: it is not the server that this machine trusts`, cause);
    case 'ECONNREFUSED':
      return new AgentError('unreachable', `${doing}: nothing listens there`, cause);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new AgentError('unreachable', `${doing}: the name is not known`, cause);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return new AgentError('unreachable', `${doing}: there is no way to it`, cause);
    case 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL':
    case 'EPROTO':
      return new AgentError('wrong-server', `${doing}: what answers there is no Drover server`, cause);
    case 'ECONNRESET':
      return new AgentError('unreachable', `${doing}: it ended the connection`, cause);
    default:
      return new AgentError('unreachable', `${doing}: ${error.message}`, cause);
  }
}

/** Certificates hold from a day before they are made, so whoever sees this has a clock that is wrong by days. */
export function clockError(doing: string, certificate?: X509Certificate): AgentError {
  const holds =
    certificate === undefined
      ? ''
      : `, which holds from ${day(certificate.validFromDate)} to ${day(certificate.validToDate)}`;
  return new AgentError(
    'clock',
    `${doing}: this machine's clock says ${new Date().toISOString()}, and that is outside the time of the server's certificate${holds}; set the clock, or renew the server's certificate`,
  );
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
