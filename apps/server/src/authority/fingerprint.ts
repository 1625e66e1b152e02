import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** `sha256:` and the hex SHA-256 of a public key, as the tunnel's `publicKeyFingerprint` gives it for a certificate. */
export function keyFingerprint(key: KeyObject | string): string {
  return `sha256:${digest(key).toString('hex')}`;
}

/** The same in base64, as curl's `--pinnedpubkey` takes it behind `sha256//`. */
export function keyPin(key: KeyObject | string): string {
  return digest(key).toString('base64');
}

function digest(key: KeyObject | string): Buffer {
  const spki = (typeof key === 'string' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest();
}
