import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A key as a machine makes it, and the request for its certificate. */
export interface HostKey {
  /** PKCS #8 in PEM. */
  readonly key: string;
  readonly csr: string;
}

export async function makeHostKey(): Promise<HostKey> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=anything',
    keys,
    signingAlgorithm: algorithm,
  });
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, csr: request.toString('pem') };
}

/** A request that bears one key and is signed with another. */
export async function makeForgedRequest(): Promise<string> {
  const [one, other] = await Promise.all([makeKeys(), makeKeys()]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=anything',
    keys: { publicKey: one.publicKey, privateKey: other.privateKey },
    signingAlgorithm: algorithm,
  });
  return request.toString('pem');
}

/** A request for an RSA key, which no agent makes. */
export async function makeRsaRequest(): Promise<string> {
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name: 'CN=x', keys, signingAlgorithm: rsa });
  return request.toString('pem');
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}
