import type { BenchOptions } from '../options.ts';
import { median, report } from '../report.ts';

/** Reports the median of a case in seconds, where it is wanted. */
export function reportSeconds(name: string, values: readonly number[], { only }: BenchOptions): void {
  if (only.length > 0 && !only.includes(name)) return;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const figure = { value: median(values), unit: 's', better: 'lower', runs: values.length, min, max } as const;
  report({ bench: 'swarm', case: name, ...figure });
}
