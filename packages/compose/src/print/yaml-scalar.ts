import { resolvePlain } from '../yaml/scalar.ts';

const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const oldBooleans = new Set(
  ['y', 'yes', 'on', 'n', 'no', 'off'].flatMap((word) => [word, capital(word), word.toUpperCase()]),
);
const blockIndicators = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:](?=$|[\s])|-(?=$|[\s]))|:(?=$|[\s])|(?<=[\s])#/;

/** A string as go-yaml writes it where a value stands: plain where it reads back as the same string, else quoted or as a block. */
export function printString(text: string, indent: number): string {
  if (text.includes('\n')) return isBlockAllowed(text) ? printLiteral(text, indent) : printDoubleQuoted(text);
  return printOneLine(text);
}

/** A string as a key; undefined where it can only be an explicit one (`? key`), because it is too long. */
export function printKey(text: string): string | undefined {
  if (new TextEncoder().encode(text).length > 128 || /[\n\u0085\u2028\u2029]/.test(text)) return undefined;
  return printOneLine(text, true);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function printOneLine(text: string, isKey = false): string {
  if (!isPlainString(text)) return printDoubleQuoted(text);
  if (text === '') return isKey ? "''" : '""';
  if (hasSpecial(text) || text.includes('\t')) return printDoubleQuoted(text);
  if (text.startsWith(' ') || text.endsWith(' ') || blockIndicators.test(text))
    return `'${text.replaceAll("'", "''")}'`;
  return text;
}

function isPlainString(text: string): boolean {
  return resolvePlain(text).type === 'string' && !sexagesimal.test(text) && !oldBooleans.has(text);
}

/** Characters that only an escape can show: control characters, what lies beyond the first plane, other line breaks. */
function hasSpecial(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 9 && code !== 10 && !isPrintable(code)) return true;
    if (code === 0x85 || code === 0x2028 || code === 0x2029) return true;
  }
  return false;
}

function isPrintable(code: number): boolean {
  if (code < 0x20 || (code > 0x7e && code < 0xa0)) return false;
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfeff && code !== 0xfffe && code !== 0xffff;
}

function isBlockAllowed(text: string): boolean {
  return !text.endsWith(' ') && !/ [\r\n]/.test(text) && !hasSpecial(text);
}

function printLiteral(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const margin = ' '.repeat(indent);
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`;
}

const named: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
};

function printDoubleQuoted(text: string): string {
  let out = '"';
  for (const char of text) {
    const name = named[char];
    const code = char.codePointAt(0)!;
    if (name !== undefined) out += `\\${name}`;
    else if (isPrintable(code) && code <= 0xffff) out += char;
    else out += escapeCode(code);
  }
  return `${out}"`;
}

function escapeCode(code: number): string {
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
