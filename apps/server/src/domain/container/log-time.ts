import { Refusal } from '../refusal.ts';

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * A moment as the engine takes it (seconds since 1970, with a fraction), from what people write: a time (`2026-11-23T10:00:00Z`), a
 * time span before `now` (`10m`, `1h30m`), or seconds since 1970.
 */
export function parseMoment(text: string, now: Date): string {
  const trimmed = text.trim();
  if (/^\d{1,12}(\.\d{1,9})?$/.test(trimmed)) return trimmed;
  if (/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed)) {
    let seconds = 0;
    for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
      seconds += Number(amount) * (units[unit ?? ''] ?? 0);
    return (now.getTime() / 1000 - seconds).toFixed(3);
  }
  const time = /^\d{4}-\d\d-\d\d/.test(trimmed) ? Date.parse(trimmed) : Number.NaN;
  if (Number.isNaN(time))
    throw new Refusal('invalid', `${JSON.stringify(text.slice(0, 40))} is neither a time nor a time span such as 10m`);
  return nanosecondsOf(trimmed, time);
}

/** The moment one nanosecond after a time of the engine, so that reading goes on behind it. */
export function justAfter(at: string): string {
  const [seconds = '0', fraction = ''] = nanosecondsOf(at, Date.parse(at)).split('.');
  const nanoseconds = BigInt(fraction.padEnd(9, '0')) + 1n;
  if (nanoseconds === 1_000_000_000n) return `${BigInt(seconds) + 1n}.000000000`;
  return `${seconds}.${nanoseconds.toString().padStart(9, '0')}`;
}

// A Date holds milliseconds; the engine's times have nine digits.
function nanosecondsOf(text: string, time: number): string {
  const digits = /\.(\d{1,9})/.exec(text)?.[1] ?? '';
  return `${Math.floor(time / 1000)}.${digits.padEnd(9, '0')}`;
}
