import { ComposeError } from '../diagnostics/compose-error.ts';

/** The value of a variable, or undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

/** How a text uses a variable. */
export interface Usage {
  readonly name: string;
  readonly operator: Operator | '';
  /** The text after the operator, as it is written. */
  readonly word: string;
  readonly set: boolean;
}

export type Operator = ':?' | '?' | ':-' | '-' | ':+' | '+';

export interface SubstituteOptions {
  /** Called for each variable met, in words that are not taken too. */
  readonly onUse?: (usage: Usage) => void;
  /** Characters that may still be produced; beyond them the text is refused. */
  readonly budget?: { left: number };
}

const deepestNesting = 100;
const namePattern = /[_a-zA-Z][_a-zA-Z0-9]*/y;

/**
 * Replaces `$NAME`, `${NAME}` and `${NAME<operator>word}`; `$$` is a dollar and a `$` before anything else stays. Throws a
 * `ComposeError` for a `${` that is no variable and for a missing required one. Works in time linear in the text.
 */
export function substitute(text: string, lookup: Lookup, options: SubstituteOptions = {}): string {
  if (!text.includes('$')) return text;
  return new Substitution(lookup, options).run(text, 0);
}

class Substitution {
  readonly #lookup: Lookup;
  readonly #options: SubstituteOptions;

  constructor(lookup: Lookup, options: SubstituteOptions) {
    this.#lookup = lookup;
    this.#options = options;
  }

  run(text: string, nesting: number): string {
    if (nesting > deepestNesting) {
      throw new ComposeError('limit', `variables are nested deeper than ${deepestNesting} levels`);
    }
    let out = '';
    let at = 0;
    let line = { end: -1, lastBrace: -1 };
    for (;;) {
      const dollar = text.indexOf('$', at);
      if (dollar === -1) break;
      out += text.slice(at, dollar);
      at = dollar + 1;
      if (text[at] === '$') {
        out += '$';
        at++;
        continue;
      }
      if (text[at] !== '{') {
        const name = nameAt(text, at);
        if (name === '') {
          out += '$';
          continue;
        }
        out += this.#take(this.#plain(name));
        at += name.length;
        continue;
      }
      if (line.end <= at) line = lineFrom(text, at);
      const found = bracedAt(text, dollar, line.lastBrace);
      if (found === undefined) throw invalid(text);
      out += this.#take(this.#braced(found, nesting));
      at = found.end;
    }
    return out + text.slice(at);
  }

  #plain(name: string): string {
    const value = this.#lookup(name);
    this.#options.onUse?.({ name, operator: '', word: '', set: value !== undefined });
    return value ?? '';
  }

  #braced(found: Braced, nesting: number): string {
    const { name, operator, word } = found;
    if (operator === '') return this.#plain(name);
    const value = this.#lookup(name);
    this.#options.onUse?.({ name, operator, word, set: value !== undefined });
    // docker compose 2.40 looks into the word even where it does not take it, so that a mistake in it is always found.
    const replaced = this.run(word, nesting + 1);
    const usable = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
    switch (operator) {
      case ':-':
      case '-':
        return usable ? (value ?? '') : replaced;
      case ':+':
      case '+':
        return usable ? replaced : (value ?? '');
      case ':?':
      case '?':
        if (usable) return value ?? '';
        throw new ComposeError(
          'interpolation',
          `the variable ${name} must be set${operator === ':?' ? ' and not empty' : ''}${word === '' ? '' : `: ${word}`}`,
        );
    }
  }

  #take(value: string): string {
    const { budget } = this.#options;
    if (budget !== undefined) {
      budget.left -= value.length;
      if (budget.left < 0) {
        throw new ComposeError('limit', 'variables make the files grow beyond what is allowed');
      }
    }
    return value;
  }
}

interface Braced {
  readonly name: string;
  readonly operator: Operator | '';
  readonly word: string;
  /** The offset after the closing brace. */
  readonly end: number;
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
function bracedAt(text: string, dollar: number, lastBrace: number): Braced | undefined {
  const name = nameAt(text, dollar + 2);
  if (name === '') return undefined;
  const after = dollar + 2 + name.length;
  if (text[after] === '}') return { name, operator: '', word: '', end: after + 1 };
  const operator = operatorAt(text, after);
  if (operator === undefined) return undefined;
  const wordAt = after + operator.length;
  if (lastBrace < wordAt) return undefined;
  const closing = closingBrace(text, dollar + 1, lastBrace);
  const wordEnd = closing < wordAt ? lastBrace : closing;
  return { name, operator, word: text.slice(wordAt, wordEnd), end: wordEnd + 1 };
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

function invalid(text: string): ComposeError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new ComposeError(
    'interpolation',
    `${JSON.stringify(shown)} holds a \${ that begins no variable; write $$ for a dollar sign`,
  );
}
