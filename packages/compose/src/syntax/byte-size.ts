import { parseGoFloat } from './go-number.ts';

const factors: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 };

/** Bytes of a size such as `512m`, `1.5gb` or `64KiB` (powers of 1024); undefined where the text is none. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(.*[0-9. ])([^0-9. ]*)$/s.exec(text);
  if (match === null) return undefined;
  const [, number = '', unit = ''] = match;
  const size = parseGoFloat(number.endsWith(' ') ? number.slice(0, -1) : number);
  if (size === undefined || size < 0 || !Number.isFinite(size)) return undefined;
  const suffix = unit.toLowerCase();
  if (suffix === '' || suffix === 'b') return Math.trunc(size);
  const factor = Object.hasOwn(factors, suffix.slice(0, 1)) ? factors[suffix.slice(0, 1)] : undefined;
  const rest = suffix.slice(1);
  if (factor === undefined || (rest !== '' && rest !== 'b' && rest !== 'ib')) return undefined;
  return Math.trunc(size * factor);
}
