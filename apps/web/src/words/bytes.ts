const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size in decimal units with three significant digits: `0 B`, `999 B`, `1.23 kB`, `45.6 MB`. */
export function bytesWords(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 ? 0 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
