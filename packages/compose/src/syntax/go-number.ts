/** Go's `strconv.ParseInt(text, 10, 64)`. */
export function parseGoInt(text: string): number | bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const digits = text.replace(/^([-+]?)0+(?=[0-9])/, '$1');
  if (digits.length > 20) return undefined;
  const value = BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
  if (BigInt.asIntN(64, value) !== value) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Go's `strconv.ParseFloat`, hexadecimal floats aside: `1_000` is a number as well. */
export function parseGoFloat(text: string): number | undefined {
  const digits = /[0-9]_[0-9]/.test(text) ? text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, '') : text;
  if (/^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(digits)) {
    const value = Number(digits);
    return Number.isFinite(value) ? value : undefined;
  }
  const word = /^([-+]?)(?:inf|infinity)$/i.exec(text);
  if (word !== null) return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(text) ? Number.NaN : undefined;
}

/** The words that docker compose takes for booleans where it expects one. */
export function parseBoolean(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case 'true':
    case 'y':
    case 'yes':
    case 'on':
      return true;
    case 'false':
    case 'n':
    case 'no':
    case 'off':
      return false;
    default:
      return undefined;
  }
}
