const digit = /^\p{Nd}$/u;
const letter = /^\p{L}$/u;

/** The order in which go-yaml writes the keys of a map: by letters, and numbers within them by value (`a2` before `a10`). */
export function compareKeys(left: string, right: string): number {
  const a = Array.from(left);
  const b = Array.from(right);
  let afterDigit = false;
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [x = '', y = ''] = [a[at], b[at]];
    if (x === y) {
      afterDigit = digit.test(x);
      continue;
    }
    const xIsLetter = letter.test(x);
    const yIsLetter = letter.test(y);
    if (xIsLetter && yIsLetter) return byCode(x, y);
    if (xIsLetter || yIsLetter) return xIsLetter === afterDigit ? -1 : 1;
    return compareNumbers(a, b, at) || byCode(x, y);
  }
  return a.length - b.length;
}

function compareNumbers(a: readonly string[], b: readonly string[], at: number): number {
  const significant = (a[at] === '0' || b[at] === '0') && hasDigitsBefore(a, at) ? '1' : '';
  const x = digitsFrom(a, at);
  const y = digitsFrom(b, at);
  const difference = BigInt(`${significant}${x}` || '0') - BigInt(`${significant}${y}` || '0');
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return x.length - y.length;
}

function hasDigitsBefore(text: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && digit.test(text[before]!); before--) if (text[before] !== '0') return true;
  return false;
}

function digitsFrom(text: readonly string[], at: number): string {
  let end = at;
  while (end < text.length && /^[0-9]$/.test(text[end]!)) end++;
  return text.slice(at, end).join('');
}

function byCode(left: string, right: string): number {
  return left.codePointAt(0)! - right.codePointAt(0)!;
}
