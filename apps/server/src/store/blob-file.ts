import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SealError } from '../seal/seal-error.ts';

const ivBytes = 12;
const tagBytes = 16;

/**
 * Large blobs as sealed files, written and read as streams: nonce, ciphertext, tag (AES-256-GCM, the digest as its place).
 */
export class BlobFiles {
  readonly #folder: string;
  readonly #key: Uint8Array;

  constructor(folder: string, key: Uint8Array) {
    this.#folder = folder;
    this.#key = key;
  }

  /** Removes what a crash left half-written. */
  async removeUnfinished(): Promise<void> {
    for (const name of await readdir(this.#folder))
      if (name.startsWith('unfinished-')) await rm(join(this.#folder, name), { force: true });
  }

  /** Writes until the bytes end; the file counts once `keep` of the answer was called, `drop` removes it. */
  async write(
    digest: string,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<{ size: number; sha256: string; keep: () => Promise<void>; drop: () => Promise<void> }> {
    const unfinished = join(this.#folder, `unfinished-${randomBytes(8).toString('hex')}`);
    const drop = () => rm(unfinished, { force: true });
    const file = await open(unfinished, 'wx', 0o600);
    try {
      const written = await this.#encrypt(digest, bytes, file);
      await file.sync();
      const keep = async () => {
        const path = this.#pathOf(digest);
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await rename(unfinished, path);
        await syncFolder(dirname(path));
        await syncFolder(this.#folder);
      };
      return { ...written, keep, drop };
    } catch (error) {
      await drop();
      throw error;
    } finally {
      await file.close();
    }
  }

  async *read(digest: string): AsyncGenerator<Buffer> {
    const path = this.#pathOf(digest);
    const { size } = await stat(path);
    const end = size - tagBytes;
    if (end < ivBytes) throw new SealError(`opening the file ${digest.slice(0, 12)}: it is cut short`);
    const [iv, tag] = await readEnds(path, end);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, iv);
    decipher.setAAD(placeOf(digest));
    decipher.setAuthTag(tag);
    if (end > ivBytes)
      for await (const chunk of createReadStream(path, { start: ivBytes, end: end - 1, highWaterMark: 256 * 1024 }))
        yield decipher.update(chunk as Buffer);
    try {
      decipher.final();
    } catch (cause) {
      throw new SealError(`opening the file ${digest.slice(0, 12)}: it was changed, or is under another key`, {
        cause,
      });
    }
  }

  async remove(digest: string): Promise<void> {
    await rm(this.#pathOf(digest), { force: true });
  }

  async #encrypt(digest: string, bytes: AsyncIterable<Uint8Array>, file: FileHandle) {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    cipher.setAAD(placeOf(digest));
    const hash = createHash('sha256');
    let size = 0;
    await file.write(iv);
    for await (const chunk of bytes) {
      hash.update(chunk);
      size += chunk.length;
      await file.write(cipher.update(chunk));
    }
    cipher.final();
    await file.write(cipher.getAuthTag());
    return { size, sha256: hash.digest('hex') };
  }

  #pathOf(digest: string): string {
    return join(this.#folder, digest.slice(0, 2), digest.slice(2));
  }
}

function placeOf(digest: string): Buffer {
  return Buffer.from(`blob/${digest}`);
}

async function readEnds(path: string, tagAt: number): Promise<[Buffer, Buffer]> {
  const file = await open(path, 'r');
  try {
    const iv = Buffer.alloc(ivBytes);
    const tag = Buffer.alloc(tagBytes);
    await file.read(iv, 0, ivBytes, 0);
    await file.read(tag, 0, tagBytes, tagAt);
    return [iv, tag];
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
