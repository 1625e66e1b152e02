/** One figure of a benchmark; a line of standard output each. */
export interface Figure {
  readonly bench: string;
  readonly case: string;
  readonly value: number;
  readonly unit: 'ratio' | 'MB' | 'MB/s' | 'ms' | 's' | '%';
  readonly better: 'lower' | 'higher';
  readonly runs: number;
  readonly min: number;
  readonly max: number;
}

/** Prints a figure to standard output, which holds nothing else. */
export function report(figure: Figure): void {
  const { value, min, max } = figure;
  process.stdout.write(
    `${JSON.stringify({ ...figure, value: rounded(value), min: rounded(min), max: rounded(max) })}\n`,
  );
}

/** Progress and everything else that is for people, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Milliseconds as people read them on standard error. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

/** Two contenders' times, measured in turn: the ratio of the medians, and the spread of the ratios of each turn. */
export function ratioOf(
  ours: readonly number[],
  theirs: readonly number[],
): { readonly value: number; readonly min: number; readonly max: number; readonly runs: number } {
  if (ours.length !== theirs.length || ours.length === 0)
    throw new Error(`comparing ${ours.length} runs with ${theirs.length}: they have to be pairs`);
  const ratios = ours.map((time, index) => time / theirs[index]!);
  return {
    value: median(ours) / median(theirs),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    runs: ours.length,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
