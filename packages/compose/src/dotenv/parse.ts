import { ComposeError } from '../diagnostics/compose-error.ts';
import { type Lookup, type SubstituteOptions, substitute } from '../template/substitute.ts';
import { expandEscapes } from './escapes.ts';

/** The variables of a file, in its order. */
export type Variables = Map<string, string>;

const space = /[\t\v\f\r \u0085\u00a0]/;
const anySpace = /\s|\u0085/;
const keyChar = /[\p{L}\p{N}_.\-[\]]/u;

/**
 * Reads the `.env` grammar into `into`: `KEY=value`, `KEY: value`, `export KEY=value`, and `KEY` alone, which `lookup` may know.
 * Double-quoted and unquoted values are interpolated, by `lookup` first and then by what was read before.
 */
export function parseDotenv(text: string, into: Variables, lookup: Lookup, options: SubstituteOptions = {}): void {
  new DotenvReader(text, into, lookup, options).read();
}

class DotenvReader {
  readonly #text: string;
  readonly #into: Variables;
  readonly #lookup: Lookup;
  readonly #options: SubstituteOptions;
  #at = 0;

  constructor(text: string, into: Variables, lookup: Lookup, options: SubstituteOptions) {
    this.#text = text.startsWith('\uFEFF') ? text.slice(1) : text;
    this.#into = into;
    this.#lookup = lookup;
    this.#options = options;
  }

  read(): void {
    while (this.#skipToStatement()) {
      const { key, inherited } = this.#key();
      if (key.includes(' ')) throw this.#fail('a variable name holds a space');
      if (inherited) {
        const value = this.#lookup(key);
        if (value !== undefined) this.#into.set(key, value);
      } else this.#into.set(key, this.#value());
    }
  }

  #skipToStatement(): boolean {
    for (;;) {
      while (this.#at < this.#text.length && anySpace.test(this.#text[this.#at]!)) this.#at++;
      if (this.#at >= this.#text.length) return false;
      if (this.#text[this.#at] !== '#') return true;
      const newline = this.#text.indexOf('\n', this.#at);
      if (newline === -1) return false;
      this.#at = newline;
    }
  }

  /** Without an ending the rest of the file is the value of a variable without a name, as in docker compose. */
  #key(): { readonly key: string; readonly inherited: boolean } {
    if (/^export\s/.test(this.#text.slice(this.#at, this.#at + 7))) {
      this.#at += 6;
      this.#skipSpaces();
    }
    const start = this.#at;
    for (let at = start; at < this.#text.length; ) {
      const char = String.fromCodePoint(this.#text.codePointAt(at)!);
      if (char === '=' || char === ':' || char === '\n') {
        this.#at = at + 1;
        this.#skipSpaces();
        return { key: this.#text.slice(start, at).trimEnd(), inherited: char === '\n' };
      }
      if (!space.test(char) && !keyChar.test(char)) {
        throw this.#fail(`the character ${JSON.stringify(char)} cannot be in a variable name`, at);
      }
      at += char.length;
    }
    return { key: '', inherited: false };
  }

  #skipSpaces(): void {
    while (this.#at < this.#text.length && space.test(this.#text[this.#at]!)) this.#at++;
  }

  #value(): string {
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'") return this.#quoted(quote);
    const newline = this.#text.indexOf('\n', this.#at);
    const end = newline === -1 ? this.#text.length : newline;
    const line = this.#text.slice(this.#at, end);
    const comment = line.indexOf(' #');
    const value = this.#expand((comment === -1 ? line : line.slice(0, comment)).trimEnd());
    this.#at = newline === -1 ? end : end + 1;
    return value;
  }

  #quoted(quote: string): string {
    let value = '';
    let from = this.#at + 1;
    for (let at = from; at < this.#text.length; at++) {
      const char = this.#text[at];
      if (char === '\\') {
        // Only an escaped quote loses its backslash here; after it the next character is taken as it is.
        if (this.#text[at + 1] === quote) {
          value += this.#text.slice(from, at);
          from = at + 1;
        }
        at++;
      } else if (char === quote) {
        value += this.#text.slice(from, at);
        const expanded = quote === '"' ? this.#expand(expandEscapes(value)) : value;
        this.#at = at + 1;
        return expanded;
      }
    }
    throw this.#fail('a quoted value has no end');
  }

  #expand(value: string): string {
    try {
      return substitute(value, (name) => this.#lookup(name) ?? this.#into.get(name), this.#options);
    } catch (thrown) {
      if (thrown instanceof ComposeError) throw this.#fail(thrown.message, this.#at, thrown.code);
      throw thrown;
    }
  }

  #fail(message: string, at = this.#at, code: ComposeError['code'] = 'env-file'): ComposeError {
    let line = 1;
    for (let newline = this.#text.indexOf('\n'); newline !== -1 && newline < at; ) {
      line++;
      newline = this.#text.indexOf('\n', newline + 1);
    }
    return new ComposeError(code, `line ${line}: ${message}`);
  }
}
