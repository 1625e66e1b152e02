/** The value that a share of all values does not exceed: 0.99 for the 99th percentile, by the nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('reckoning a percentile: there is no value');
  return value;
}
