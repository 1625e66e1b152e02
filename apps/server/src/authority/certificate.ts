import 'reflect-metadata';
import { createPublicKey, type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { Refusal } from '../domain/refusal.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';
const dayMs = 24 * 3_600_000;

/** A request in PEM is at most about 500 bytes for P-256. */
const mostRequestBytes = 8192;

export interface CertificateKey {
  /** PKCS #8 in PEM. */
  readonly key: string;
  /** PEM. */
  readonly certificate: string;
}

export interface Validity {
  readonly from: Date;
  readonly days: number;
}

/** One day back: a clock that is behind the server's does not find a certificate that begins tomorrow. */
function span({ from, days }: Validity) {
  return { notBefore: new Date(from.getTime() - dayMs), notAfter: new Date(from.getTime() + days * dayMs) };
}

/** A new key pair of ECDSA over P-256: the private key as PKCS #8 in PEM. */
export async function makeKey(): Promise<string> {
  const { privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}

/** The certificate of an authority over its own key: it may sign others, and they no more. */
export async function makeAuthorityCertificate(key: string, name: string, validity: Validity): Promise<string> {
  const keys = await importKeys(key);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [name] }],
    ...span(validity),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return certificate.toString('pem');
}

export interface LeafRequest {
  readonly authority: Signer;
  readonly publicKey: KeyObject;
  readonly commonName: string;
  readonly use: 'server' | 'client';
  readonly names: readonly { readonly type: 'dns' | 'ip' | 'url'; readonly value: string }[];
  readonly validity: Validity;
}

/** An authority whose certificate and key have been read, which takes longer than signing does. */
export interface Signer {
  readonly issuer: x509.X509Certificate;
  readonly signingKey: webcrypto.CryptoKey;
  readonly keyIdentifier: x509.AuthorityKeyIdentifierExtension;
}

export async function readSigner({ certificate, key }: CertificateKey): Promise<Signer> {
  const issuer = new x509.X509Certificate(certificate);
  const { privateKey: signingKey } = await importKeys(key);
  return { issuer, signingKey, keyIdentifier: await x509.AuthorityKeyIdentifierExtension.create(issuer) };
}

/** A certificate under the authority, for one use. */
export async function makeLeafCertificate(request: LeafRequest): Promise<string> {
  const { authority, publicKey, commonName, use, names, validity } = request;
  const { issuer, signingKey, keyIdentifier } = authority;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [commonName] }],
    issuer: issuer.subject,
    ...span(validity),
    signingAlgorithm: algorithm,
    publicKey: new x509.PublicKey(spki),
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([use === 'server' ? serverAuth : clientAuth]),
      new x509.SubjectAlternativeNameExtension([...names]),
      keyIdentifier,
    ],
  });
  return certificate.toString('pem');
}

/**
 * The public key of a certificate request in PEM whose signature shows that its sender has the private key. Throws a `Refusal`
 * for anything else. What the request says besides is not read: the server decides what a certificate names.
 */
export async function readRequest(pem: string): Promise<KeyObject> {
  const refused = (why: string) => new Refusal('invalid', `reading the certificate request: ${why}`);
  if (pem.length > mostRequestBytes) throw refused(`it is longer than ${mostRequestBytes} bytes`);
  let key: KeyObject;
  let proven: boolean;
  try {
    const request = new x509.Pkcs10CertificateRequest(pem);
    key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
    proven = await request.verify();
  } catch {
    throw refused('it is no PKCS #10 request in PEM');
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw refused('its key is not ECDSA over P-256');
  if (!proven) throw refused('its signature is not made with its key');
  return key;
}

async function importKeys(key: string): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = x509.PemConverter.decodeFirst(key);
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const publicKey = await webcrypto.subtle.importKey('spki', spki, algorithm, true, ['verify']);
  return { privateKey, publicKey };
}

/** 16 bytes whose first bit is 0 and second is 1: positive, and of the same length each time. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
