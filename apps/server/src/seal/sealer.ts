import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { SealError } from './seal-error.ts';

const formatVersion = 1;
const ivBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + ivBytes + tagBytes;

/**
 * Seals bytes with AES-256-GCM. `place` says what they are and whose (`variable/web/PASSWORD`); it is not kept, but what was
 * sealed for one place cannot be opened for another.
 */
export interface Sealer {
  seal(place: string, bytes: Uint8Array): Buffer;
  /** Throws `SealError` when the key is another one or the bytes were changed. */
  open(place: string, sealed: Uint8Array): Buffer;
  /** A keyed digest in hex: shows whether two secrets are equal and nothing else. */
  digest(purpose: string, bytes: Uint8Array | string): string;
}

/** A sealer under a key of 32 bytes. The layout is: version, 12 bytes of nonce, 16 bytes of tag, ciphertext. */
export function createSealer(key: Uint8Array): Sealer {
  return {
    seal(place, bytes) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(Buffer.from(place));
      const body = cipher.update(bytes);
      cipher.final();
      return Buffer.concat([Uint8Array.of(formatVersion), iv, cipher.getAuthTag(), body]);
    },
    open(place, sealed) {
      if (sealed.length < headerBytes || sealed[0] !== formatVersion)
        throw new SealError(`opening ${place}: it was not sealed by this version of Drover`);
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + ivBytes));
      decipher.setAAD(Buffer.from(place));
      decipher.setAuthTag(sealed.subarray(1 + ivBytes, headerBytes));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(headerBytes)), decipher.final()]);
      } catch (cause) {
        throw new SealError(`opening ${place}: the key is not the one that it was sealed under, or it was changed`, {
          cause,
        });
      }
    },
    digest(purpose, bytes) {
      return createHmac('sha256', key).update(`${purpose}\0`).update(bytes).digest('hex');
    },
  };
}
