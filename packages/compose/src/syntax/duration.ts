const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

const largest = 2n ** 63n - 1n;

/** Nanoseconds of a duration such as `1m30s`, `1.5h` or `2w`; undefined where the text is none. */
export function parseDurationNanoseconds(text: string): bigint | undefined {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  let rest = text.slice(sign.length);
  if (rest === '0') return 0n;
  if (rest === '' || rest.length > 200) return undefined;
  let total = 0n;
  while (rest !== '') {
    const match = /^([0-9]*)(?:(\.)([0-9]*))?([^.0-9]+)/.exec(rest);
    if (match === null) return undefined;
    const [whole, digits = '', , fraction = '', unitName = ''] = match;
    const unit = Object.hasOwn(units, unitName) ? units[unitName] : undefined;
    if ((digits === '' && fraction === '') || unit === undefined) return undefined;
    total += BigInt(digits === '' ? 0 : digits) * unit + fractionOf(fraction, unit);
    if (total > largest) return undefined;
    rest = rest.slice(whole.length);
  }
  return sign === '-' ? -total : total;
}

/** Go computes the part after the point in double precision; the result is cut, not rounded. */
function fractionOf(digits: string, unit: bigint): bigint {
  const used = digits.slice(0, 18);
  if (used === '') return 0n;
  return BigInt(Math.trunc(Number(used) * (Number(unit) / 10 ** used.length)));
}

/** Milliseconds of a duration such as `1m30s`; undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  const nanoseconds = parseDurationNanoseconds(text);
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1_000_000;
}

/** A duration as Go prints it: `1m30s`, `1.5s`, `100ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 1000n)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 1_000_000n)}ms`;
  const hours = size / 3_600_000_000_000n;
  const minutes = (size / 60_000_000_000n) % 60n;
  const seconds = `${decimal(size % 60_000_000_000n, 1_000_000_000n)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const digits = String(unit).length - 1;
  const fraction = String(value % unit)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return `${value / unit}${fraction === '' ? '' : `.${fraction}`}`;
}
