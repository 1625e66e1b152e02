import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { changeLines, createEngine } from '@drover/engine';
import { joinAlpn, keepTunnel, paths, protocolRange, tunnelAlpn } from '@drover/tunnel';
import { requestCertificate } from '../../../apps/agent/src/certificate-request.ts';
import type { ServerAddress } from '../../../apps/agent/src/command-line.ts';
import { dialServer } from '../../../apps/agent/src/dial-server.ts';
import { fetchAuthority } from '../../../apps/agent/src/first-contact.ts';
import { requestJoin } from '../../../apps/agent/src/join.ts';
import type { SimulatedEngines } from './simulated-engine.ts';
import type { SimulatedHost } from './simulated-host.ts';

const generateKey = promisify(generateKeyPair);
const software = '0.1.0-simulated';

export interface JoinOrder {
  readonly server: ServerAddress;
  /** The fingerprint of the server's authority. */
  readonly authority: string;
  readonly token: string;
}

/**
 * Joins a host as an agent does (a look at the authority, a key of its own, a certificate request over a second connection) and keeps its
 * tunnel until the signal fires. Resolves once it has its certificate; `onConnected` is called each time that the server welcomed it.
 */
export async function joinSimulated(
  host: SimulatedHost,
  engines: SimulatedEngines,
  { server, authority: fingerprint, token }: JoinOrder,
  { signal, onConnected }: { readonly signal: AbortSignal; readonly onConnected: () => void },
): Promise<void> {
  const { privateKey } = await generateKey('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const authority = await fetchAuthority(server, fingerprint, signal);
  const { certificate, hostId } = await requestJoin(
    { server, alpn: joinAlpn, authority, signal },
    { token, csr: await requestCertificate(key), software, hostname: host.name, engineId: host.engineId },
  );
  const engine = createEngine({ dialer: async () => engines.connect(host) });
  void keepTunnel({
    docker: async () => engines.connect(host),
    answer: async ({ method, path, signal: until }) => {
      if (method === 'GET' && path === paths.hello) return { status: 200, body: helloOf(host, hostId) };
      if (method === 'GET' && path === paths.facts) return { status: 200, body: host.facts() };
      if (method === 'GET' && path === paths.load) return { status: 200, body: loadOf(host) };
      if (method === 'GET' && path === paths.changes)
        return { status: 200, stream: changeLines(engine, { signal: until }) };
      return { status: 404, body: { reason: 'path', message: `a simulated agent does not know ${method} ${path}` } };
    },
    dial: (dialSignal) =>
      dialServer({ server, alpn: tunnelAlpn, authority, client: { certificate, key }, signal: dialSignal }),
    onState: ({ type }) => {
      if (type === 'connected') onConnected();
    },
    signal,
  });
}

function helloOf({ name, engineId }: SimulatedHost, bootId: string) {
  return { software, protocols: protocolRange, hostname: name, bootId, engineId };
}

function loadOf(host: SimulatedHost) {
  const { memoryBytes, disks } = host.facts();
  return { cpu: 0.25, memoryUsedBytes: memoryBytes / 4, memoryBytes, disks };
}
