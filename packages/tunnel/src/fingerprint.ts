import { createHash, X509Certificate } from 'node:crypto';

const pattern = /^sha256:[0-9a-f]{64}$/;

/** `sha256:` and the hex SHA-256 of a certificate's public key (its SubjectPublicKeyInfo in DER), by which authorities and hosts are known. */
export function publicKeyFingerprint(certificate: X509Certificate | string): string {
  const parsed = typeof certificate === 'string' ? new X509Certificate(certificate) : certificate;
  const key = parsed.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

export function isFingerprint(text: string): boolean {
  return pattern.test(text);
}
