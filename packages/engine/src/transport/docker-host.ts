import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@drover/base';
import { EngineError } from '../engine-error.ts';
import { type Dialer, type TlsFiles, tcpDialer, tlsDialer, unixDialer } from './dialer.ts';

export const defaultDockerHost = 'unix:///var/run/docker.sock';

const plainPort = 2375;
const tlsPort = 2376;

/** The dialer of a `DOCKER_HOST`: `unix:///path`, `tcp://host:port` or `npipe:////./pipe/name`; with `tls` over TLS. */
export function dialerFor(dockerHost: string, tls?: TlsFiles): Dialer {
  const [scheme, rest] = split(dockerHost);
  switch (scheme) {
    case 'unix':
      if (!rest.startsWith('/')) throw refuse(dockerHost, 'the path of the socket must start with a slash');
      return unixDialer(rest);
    case 'npipe':
      return unixDialer(rest.replace(/^\/\/\.\//, '\\\\.\\').replaceAll('/', '\\'));
    case 'tcp': {
      const { hostname, port } = parseAddress(dockerHost, rest);
      const host = hostname.replace(/^\[(.*)\]$/, '$1');
      if (tls === undefined) return tcpDialer(host, Number(port) || plainPort);
      return tlsDialer(host, Number(port) || tlsPort, tls);
    }
    case 'ssh':
      throw refuse(dockerHost, 'Drover does not dial SSH; use unix:// or tcp://, or run an agent on that host');
    default:
      throw refuse(dockerHost, 'it must start with unix:// or tcp://');
  }
}

/** The dialer that `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` mean, as the Docker CLI reads them. */
export function dialerFromEnvironment(environment: { readonly [name: string]: string | undefined }): Dialer {
  const dockerHost = environment.DOCKER_HOST || defaultDockerHost;
  const folder = environment.DOCKER_CERT_PATH;
  if (!environment.DOCKER_TLS_VERIFY || !dockerHost.startsWith('tcp:')) return dialerFor(dockerHost);
  if (!folder)
    throw refuse(dockerHost, 'DOCKER_TLS_VERIFY is set, so DOCKER_CERT_PATH must name the folder of the certificates');
  return dialerFor(dockerHost, {
    ca: readCertificate(dockerHost, folder, 'ca.pem'),
    cert: readCertificate(dockerHost, folder, 'cert.pem'),
    key: readCertificate(dockerHost, folder, 'key.pem'),
  });
}

function split(dockerHost: string): readonly [string, string] {
  const end = dockerHost.indexOf('://');
  return end < 0 ? ['', dockerHost] : [dockerHost.slice(0, end), dockerHost.slice(end + '://'.length)];
}

function parseAddress(dockerHost: string, rest: string): URL {
  const url = URL.parse(`http://${rest}`);
  if (url === null || url.hostname === '' || url.username !== '') throw refuse(dockerHost, 'it is not tcp://HOST:PORT');
  if (url.pathname !== '/' || url.search !== '') throw refuse(dockerHost, 'an address has no path');
  return url;
}

function readCertificate(dockerHost: string, folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch (thrown) {
    throw refuse(dockerHost, messageOf(thrown));
  }
}

function refuse(dockerHost: string, reason: string): EngineError {
  return new EngineError({ code: 'unreachable', doing: `reading the engine's address "${dockerHost}"`, reason });
}
