import { ComposeError } from '../diagnostics/compose-error.ts';

export type Operator = ':?' | '?' | ':-' | '-' | ':+' | '+';

/** `$NAME`, `${NAME}` or `${NAME<operator>word}`. */
export interface Reference {
  readonly name: string;
  readonly operator: Operator | '';
  /** The text after the operator, which may hold references itself. */
  readonly word: string;
}

/** How deep words may lie in words. */
export const deepestNesting = 100;

const namePattern = /[_a-zA-Z][_a-zA-Z0-9]*/y;

/**
 * Takes a text apart into literal pieces and references; `$$` is a dollar and a `$` before anything else stays. Throws a
 * `ComposeError` for a `${` that is no variable. Works in time linear in the text.
 */
export function parseTemplate(text: string): readonly (string | Reference)[] {
  const pieces: (string | Reference)[] = [];
  let at = 0;
  let line = { end: -1, lastBrace: -1 };
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', at)) {
    pieces.push(text.slice(at, dollar));
    const next = text[dollar + 1];
    if (next === '{') {
      if (line.end <= dollar) line = lineFrom(text, dollar);
      const found = bracedAt(text, dollar, line.lastBrace);
      if (found === undefined) throw noVariable(text, dollar);
      pieces.push(found.reference);
      at = found.end;
      continue;
    }
    const name = next === '$' ? '' : nameAt(text, dollar + 1);
    pieces.push(name === '' ? '$' : { name, operator: '', word: '' });
    at = dollar + 1 + (next === '$' ? 1 : name.length);
  }
  pieces.push(text.slice(at));
  return pieces;
}

/** Every variable that a text names, in words too; nothing from a part that cannot be read. */
export function variablesIn(text: string): readonly Reference[] {
  const found: Reference[] = [];
  const open = [{ part: text, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, depth } = next;
    if (depth > deepestNesting || found.length > 10_000) break;
    for (const reference of referencesOrNone(part)) {
      found.push(reference);
      if (reference.word !== '') open.push({ part: reference.word, depth: depth + 1 });
    }
  }
  return found;
}

function referencesOrNone(text: string): readonly Reference[] {
  try {
    return parseTemplate(text).filter((piece) => typeof piece !== 'string');
  } catch (thrown) {
    if (thrown instanceof ComposeError) return [];
    throw thrown;
  }
}

function nameAt(text: string, at: number): string {
  namePattern.lastIndex = at;
  return namePattern.exec(text)?.[0] ?? '';
}

/** The end of the line that holds `at`, and the last closing brace on it. */
function lineFrom(text: string, at: number): { end: number; lastBrace: number } {
  const newline = text.indexOf('\n', at);
  const end = newline === -1 ? text.length : newline;
  const lastBrace = text.lastIndexOf('}', end - 1);
  return { end, lastBrace: lastBrace < at ? -1 : lastBrace };
}

/** A word holds no line break; it ends at the brace that closes it, or at the line's last brace where none does. */
function bracedAt(
  text: string,
  dollar: number,
  lastBrace: number,
): { readonly reference: Reference; readonly end: number } | undefined {
  const name = nameAt(text, dollar + 2);
  if (name === '') return undefined;
  const after = dollar + 2 + name.length;
  if (text[after] === '}') return { reference: { name, operator: '', word: '' }, end: after + 1 };
  const operator = operatorAt(text, after);
  if (operator === undefined) return undefined;
  const wordAt = after + operator.length;
  if (lastBrace < wordAt) return undefined;
  const closing = closingBrace(text, dollar + 1, lastBrace);
  const wordEnd = closing < wordAt ? lastBrace : closing;
  return { reference: { name, operator, word: text.slice(wordAt, wordEnd) }, end: wordEnd + 1 };
}

function operatorAt(text: string, at: number): Operator | undefined {
  const two = text.slice(at, at + 2);
  if (two === ':-' || two === ':+' || two === ':?') return two;
  const one = text[at];
  return one === '-' || one === '+' || one === '?' ? one : undefined;
}

/** docker compose counts braces and does not look at the character after an opening one. */
function closingBrace(text: string, from: number, to: number): number {
  let open = 0;
  for (let at = from; at <= to; at++) {
    const char = text[at];
    if (char === '}') {
      open--;
      if (open === 0) return at;
    } else if (char === '{') {
      open++;
      at++;
    }
  }
  return -1;
}

function noVariable(text: string, at: number): ComposeError {
  const shown = JSON.stringify(text.slice(at, at + 20));
  return new ComposeError('interpolation', `${shown} begins no variable; write $$ for a dollar sign`);
}
