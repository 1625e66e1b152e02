/** Bounds on hostile input. Each is far above what real projects need; beyond one the load fails with code `limit`. */
export interface Limits {
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Files read in one load, env files included. */
  readonly files: number;
  /** YAML nodes of one document, aliases counted as often as they are used. */
  readonly nodes: number;
  /** YAML nodes that merging, extending and including may handle in one load, each as often as it is handled. */
  readonly work: number;
  /** Nesting of one document. */
  readonly depth: number;
  /** Characters that interpolation may produce in one load. */
  readonly interpolatedChars: number;
}

export const defaultLimits: Limits = {
  fileBytes: 8 * 1024 * 1024,
  files: 1000,
  nodes: 500_000,
  work: 2_000_000,
  depth: 200,
  interpolatedChars: 32 * 1024 * 1024,
};
