import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Only these cases; empty is all. */
  readonly only: readonly string[];
  /** How many times each contender has its turn. */
  readonly pairs: number;
}

export const defaultPairs = 9;

/** Reads the options after a benchmark's name; throws with one sentence when they make no sense. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string', multiple: true }, pairs: { type: 'string' } },
  });
  const pairs = Number(values.pairs ?? defaultPairs);
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new Error(`--pairs ${values.pairs}: it has to be a whole number from 1`);
  return { only: (values.only ?? []).flatMap((text) => text.split(',')), pairs };
}
