const sequence = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  // `\$` becomes the escape of the interpolation that comes after.
  $: '$$',
};

/** The escapes of a double-quoted value, before its variables: `\n`, `\t`, `\"`, `\\`, `\$` and octal `\0nnn`. */
export function expandEscapes(text: string): string {
  return text.replaceAll(sequence, (found) => {
    if (found[1] !== '0') return letters[found[1] ?? ''] ?? found;
    const digits = found.slice(2);
    const code = Number.parseInt(digits, 8);
    return /^[0-7]{3}$/.test(digits) && code <= 255 ? String.fromCharCode(code) : `\\${digits}`;
  });
}
