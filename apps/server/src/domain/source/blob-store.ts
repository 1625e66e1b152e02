/** Files of bundles, by the SHA-256 of their content, sealed at rest. */
export interface BlobStore {
  /** Those of the digests that are not there. The others count as used now, so that they stay while a deploy is on its way. */
  missing(digests: readonly string[]): Promise<string[]>;
  /**
   * Takes in a blob; it is on disk when this resolves. Refuses one whose bytes are not those of the digest, or that is larger
   * than `mostBytes`, and leaves nothing behind.
   */
  put(digest: string, bytes: AsyncIterable<Uint8Array>, mostBytes: number): Promise<void>;
  /** Takes in several small ones at once and answers their digests. */
  putAll(contents: readonly Uint8Array[]): Promise<string[]>;
  /** The sizes, in bytes, of those that are there. */
  sizes(digests: readonly string[]): Promise<ReadonlyMap<string, number>>;
  read(digest: string): Promise<Buffer>;
  /** The content piece by piece. It is proven only once it was read to its end: throws there when it was changed. */
  stream(digest: string): AsyncIterable<Buffer>;
  /** Forgets those that nobody refers to and that were not used since. Answers how many went. */
  forgetUnused(referred: ReadonlySet<string>, usedBefore: string): Promise<number>;
}
