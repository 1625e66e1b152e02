import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { AgentError } from './agent-error.ts';
import type { ServerAddress } from './command-line.ts';
import { type DataFolder, readOwnFile, writeOwnFile } from './data-folder.ts';

/** Who this machine is to its server. */
export interface Identity {
  readonly server: ServerAddress;
  readonly hostId: string;
  /** In PEM, with the chain. */
  readonly certificate: string;
  /** In PEM. */
  readonly authority: string;
}

/** The machine's key in PEM; made where there is none. It stays the same for good: the server knows the host by it. */
export async function openKey(folder: DataFolder): Promise<string> {
  const found = await readOwnFile(folder.key);
  if (found !== undefined) {
    parseKey(folder, found);
    return found;
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  await writeOwnFile(folder.key, pem);
  return pem;
}

function parseKey(folder: DataFolder, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  } catch {
    // Said below.
  }
  throw new AgentError(
    'data-folder',
    `reading ${folder.key}: it is not the key of an agent; put the right file back, or remove it and join again`,
  );
}

/** Who this machine is, or `undefined` where it has not joined. */
export async function readIdentity(folder: DataFolder): Promise<Identity | undefined> {
  const text = await readOwnFile(folder.identity);
  if (text === undefined) return undefined;
  try {
    const { server, hostId, certificate, authority } = JSON.parse(text) as Identity;
    if (typeof server.host !== 'string' || typeof server.port !== 'number' || typeof hostId !== 'string')
      throw new Error('a field is missing');
    new X509Certificate(certificate);
    new X509Certificate(authority);
    return { server: { host: server.host, port: server.port }, hostId, certificate, authority };
  } catch (cause) {
    throw new AgentError('data-folder', `reading ${folder.identity}: it is damaged; join again to repair it`, {
      cause,
    });
  }
}

/** Keeps who this machine is. Fails where the certificate is not for this machine's key, or not by that authority. */
export async function keepIdentity(folder: DataFolder, key: string, identity: Identity): Promise<void> {
  checkCertificate(key, identity);
  await writeOwnFile(folder.identity, `${JSON.stringify(identity, null, 2)}\n`);
}

/** Fails `refused` where a certificate that the server gave does not fit. */
export function checkCertificate(
  key: string,
  { certificate, authority }: Pick<Identity, 'certificate' | 'authority'>,
): void {
  const doing = "reading the server's certificate for this machine";
  let leaf: X509Certificate;
  let root: X509Certificate;
  try {
    leaf = new X509Certificate(certificate);
    root = new X509Certificate(authority);
  } catch (cause) {
    throw new AgentError('refused', `${doing}: it is no certificate`, { cause });
  }
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new AgentError('refused', `${doing}: it is for another key`);
  if (!leaf.verify(root.publicKey)) throw new AgentError('refused', `${doing}: another authority signed it`);
}
