import type { X509Certificate } from 'node:crypto';
import { joinAlpn, publicKeyFingerprint } from '@drover/tunnel';
import { AgentError } from './agent-error.ts';
import type { ServerAddress } from './command-line.ts';
import { clockError, dialServer } from './dial-server.ts';

/** More certificates than that are in no honest chain. */
const longestChain = 8;

/**
 * The certificate (PEM) of the authority with that fingerprint, from the chain that the server shows. Nothing is sent to
 * whoever answers; what follows is another connection, to a server that has to be of this authority. Fails `wrong-server`.
 */
export async function fetchAuthority(
  server: ServerAddress,
  fingerprint: string,
  signal?: AbortSignal,
): Promise<string> {
  const socket = await dialServer({ server, alpn: joinAlpn, ...(signal === undefined ? {} : { signal }) });
  try {
    const shown: string[] = [];
    const leaf = socket.getPeerX509Certificate();
    let certificate = leaf;
    for (let depth = 0; certificate !== undefined && depth < longestChain; depth += 1) {
      const found = publicKeyFingerprint(certificate);
      if (found === fingerprint && certificate.ca) {
        checkTime(server, leaf ?? certificate);
        return certificate.toString();
      }
      shown.push(found);
      certificate = certificate.issuerCertificate;
    }
    throw new AgentError(
      'wrong-server',
      `joining ${server.host}:${server.port}: it is not the server of the authority ${fingerprint}; it shows ${shown.at(-1) ?? 'no certificate'}. Copy the line from "drover host add" again; if it is the same, someone stands between this machine and the server`,
    );
  } finally {
    socket.destroy();
  }
}

/** The connection that follows would fail for the same reason, with fewer words. */
function checkTime({ host, port }: ServerAddress, leaf: X509Certificate): void {
  const now = new Date();
  if (now < leaf.validFromDate || now > leaf.validToDate) throw clockError(`joining ${host}:${port}`, leaf);
}
