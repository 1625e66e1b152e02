import 'reflect-metadata';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** A PKCS#10 request in PEM for the key's certificate. What the certificate says is the authority's matter. */
export async function requestCertificate(key: string): Promise<string> {
  const privateKey = createPrivateKey(key);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=drover-agent',
    keys: {
      privateKey: privateKey.toCryptoKey(algorithm, true, ['sign']),
      publicKey: createPublicKey(privateKey).toCryptoKey(algorithm, true, ['verify']),
    },
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return request.toString('pem');
}
