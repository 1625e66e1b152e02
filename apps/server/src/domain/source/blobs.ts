import type { Log } from '../log.ts';
import { Refusal } from '../refusal.ts';
import type { BlobStore } from './blob-store.ts';
import { digestsOf, type Source } from './source.ts';

/** The largest file that a bundle may hold. */
export const mostBlobBytes = 2 * 1024 ** 3;

/** An uploaded file that nothing refers to yet is kept this long for the deploy that it was meant for. */
const unusedMs = 3_600_000;

export interface BlobsOptions {
  readonly store: BlobStore;
  /** The sources of everything that is kept, in all environments. */
  readonly allSources: () => Promise<readonly Source[]>;
  readonly log: Log;
}

/** The files of bundles: uploaded before the deploy that names them, forgotten once no revision needs them. */
export class Blobs {
  readonly #options: BlobsOptions;
  #collecting: Promise<void> | undefined;

  constructor(options: BlobsOptions) {
    this.#options = options;
  }

  async missing(digests: readonly string[]): Promise<string[]> {
    return await this.#options.store.missing(digests);
  }

  /** Takes in a file; on disk when it resolves. `size` is what the sender announced, if it did. */
  async put(digest: string, bytes: AsyncIterable<Uint8Array>, size: number | undefined): Promise<void> {
    if (!/^[0-9a-f]{64}$/.test(digest))
      throw new Refusal('invalid', 'uploading a file: its address must end with the SHA-256 of its bytes in hex');
    if (size !== undefined && size > mostBlobBytes)
      throw new Refusal(
        'too-large',
        `uploading a file: it has ${Math.ceil(size / 1024 ** 2)} MB; ${mostBlobBytes / 1024 ** 2} MB is the most`,
      );
    await this.#options.store.put(digest, bytes, mostBlobBytes);
  }

  /** Forgets what nobody needs; one run at a time, and its failure is only logged. */
  async collectGarbage(): Promise<void> {
    this.#collecting ??= this.#collect().finally(() => {
      this.#collecting = undefined;
    });
    await this.#collecting;
  }

  async #collect(): Promise<void> {
    const { store, allSources, log } = this.#options;
    try {
      const before = new Date(Date.now() - unusedMs).toISOString();
      const referred = new Set((await allSources()).flatMap(digestsOf));
      const count = await store.forgetUnused(referred, before);
      if (count > 0) log.info({ count }, 'forgot files that no revision needs');
    } catch (error) {
      log.warn({ err: error }, 'forgetting unused files failed');
    }
  }
}
