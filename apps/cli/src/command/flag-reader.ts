import { parseSeconds } from './duration.ts';
import { UsageError } from './errors.ts';
import { type Flag, type Flags, flagSpelling } from './flag.ts';
import { quote } from './quote.ts';
import { didYouMean } from './suggestion.ts';

type Values = Record<string, unknown>;
type Target = { readonly name: string; readonly flag: Flag; readonly values: Values };

/** Consumes flags from a command line; what is no flag is left to its caller. */
export class FlagReader {
  #argv: readonly string[];
  #next = 0;
  #tables: readonly (readonly [Flags, Values])[];
  #command: string | undefined;

  constructor(argv: readonly string[], tables: readonly (readonly [Flags, Values])[], command: string | undefined) {
    this.#argv = argv;
    this.#tables = tables;
    this.#command = command;
  }

  enter(command: string, tables: readonly (readonly [Flags, Values])[]): void {
    this.#command = command;
    this.#tables = tables;
  }

  more(): boolean {
    return this.#next < this.#argv.length;
  }

  peek(): string {
    return this.#argv[this.#next]!;
  }

  take(): string {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  skip(): void {
    this.#next += 1;
  }

  remainder(): string[] {
    const rest = this.#argv.slice(this.#next);
    this.#next = this.#argv.length;
    return rest;
  }

  /** Reads one token of flags (`--build`, `-it`, `-fFILE`) with its value; false when the next word is none. */
  readFlag(): boolean {
    const token = this.peek();
    if (!token.startsWith('-') || token === '-' || token === '--') return false;
    this.skip();
    if (token.startsWith('--')) this.#readLong(token);
    else this.#readShort(token);
    return true;
  }

  #readLong(token: string): void {
    const equals = token.indexOf('=');
    const spelling = equals === -1 ? token : token.slice(0, equals);
    const target = this.#find((name) => flagSpelling(name) === spelling);
    if (target === undefined) {
      const known = this.#tables.flatMap(([flags]) => visibleSpellings(flags));
      throw this.#error(`there is no flag ${quote(spelling)}.${didYouMean(spelling, known)}`);
    }
    this.#assign(target, spelling, equals === -1 ? undefined : token.slice(equals + 1));
  }

  #readShort(token: string): void {
    for (let index = 1; index < token.length; index += 1) {
      const letter = token[index]!;
      const target = this.#find((_, flag) => flag.short === letter);
      if (target === undefined)
        throw this.#error(`there is no flag -${letter}${token.length > 2 ? ` in ${quote(token)}` : ''}.`);
      if (target.flag.kind === 'switch' && token[index + 1] !== '=') {
        this.#assign(target, `-${letter}`, undefined);
        continue;
      }
      const tail = token.slice(index + 1);
      this.#assign(target, `-${letter}`, tail === '' ? undefined : tail.startsWith('=') ? tail.slice(1) : tail);
      return;
    }
  }

  #find(matches: (name: string, flag: Flag) => boolean): Target | undefined {
    for (const [flags, values] of this.#tables)
      for (const [name, flag] of Object.entries(flags)) if (matches(name, flag)) return { name, flag, values };
    return undefined;
  }

  #assign({ name, flag, values }: Target, spelling: string, attached: string | undefined): void {
    if (flag.kind === 'switch') {
      if (attached !== undefined && !['true', 'false', '1', '0'].includes(attached))
        throw this.#error(`${spelling} is true or false, not ${quote(attached)}.`);
      values[name] = attached === undefined || attached === 'true' || attached === '1';
      return;
    }
    const text = attached ?? this.#value(flag, spelling);
    switch (flag.kind) {
      case 'text':
        values[name] = text;
        return;
      case 'list':
        (values[name] as string[]).push(text);
        return;
      case 'number':
        if (!/^\d+$/.test(text) || Number(text) < flag.minimum)
          throw this.#error(`${spelling} wants a whole number of at least ${flag.minimum}, not ${quote(text)}.`);
        values[name] = Number(text);
        return;
      case 'seconds': {
        const seconds = parseSeconds(text);
        if (seconds === undefined)
          throw this.#error(`${spelling} wants a time such as 30 or 1m30s, not ${quote(text)}.`);
        values[name] = seconds;
        return;
      }
      case 'choice':
        if (!flag.choices.includes(text))
          throw this.#error(
            `${spelling} is one of ${flag.choices.join(', ')}, not ${quote(text)}.${didYouMean(text, flag.choices)}`,
          );
        values[name] = text;
    }
  }

  #value(flag: Exclude<Flag, { kind: 'switch' }>, spelling: string): string {
    const next = this.more() ? this.peek() : undefined;
    const hint = flag.hint === undefined ? '' : ` ${flag.hint}`;
    const wanted = `${spelling} wants a value: ${spelling} ${flag.value}.${hint}`;
    if (next === undefined) throw this.#error(wanted);
    if (/^-[-A-Za-z]/.test(next)) throw this.#error(`${wanted} (If ${quote(next)} is meant, join it with =.)`);
    return this.take();
  }

  #error(message: string): UsageError {
    return new UsageError(this.#command === undefined ? message : `${this.#command}: ${message}`, this.#command);
  }
}

/** What flags are when none is given. */
export function emptyValues(flags: Flags): Values {
  const values: Values = {};
  for (const [name, flag] of Object.entries(flags))
    values[name] = flag.kind === 'switch' ? false : flag.kind === 'list' ? [] : undefined;
  return values;
}

function visibleSpellings(flags: Flags): string[] {
  return Object.entries(flags)
    .filter(([, flag]) => !flag.hidden)
    .map(([name]) => flagSpelling(name));
}
