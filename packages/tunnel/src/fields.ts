import { TunnelError } from './tunnel-error.ts';

/** Reads the fields of one JSON object that came from the other side; every bound that is broken is a `TunnelError`. */
export class Fields {
  readonly #what: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(what: string, value: unknown) {
    this.#what = what;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#wrong('it is no object');
    this.#values = value as Record<string, unknown>;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  /** Text of at most `most` characters, without control characters but line ends and tabs. */
  text(name: string, most: number): string {
    const value = this.#values[name];
    if (typeof value !== 'string') throw this.#wrong(`"${name}" is no text`);
    if (value.length > most) throw this.#wrong(`"${name}" is longer than ${most} characters`);
    if (controlCharacters.test(value)) throw this.#wrong(`"${name}" has control characters`);
    return value;
  }

  /** As {@link text}, but never empty. */
  word(name: string, most: number): string {
    const value = this.text(name, most);
    if (value === '') throw this.#wrong(`"${name}" is empty`);
    return value;
  }

  number(name: string, lowest: number, highest: number): number {
    return this.#inRange(name, this.#values[name], lowest, highest);
  }

  whole(name: string, highest: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.number(name, 0, highest);
    if (!Number.isSafeInteger(value)) throw this.#wrong(`"${name}" is no whole number`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#values[name];
    if (typeof value !== 'boolean') throw this.#wrong(`"${name}" is neither true nor false`);
    return value;
  }

  /** A pair of whole numbers, the lower one first. */
  range(name: string, highest: number): readonly [number, number] {
    const value = this.#values[name];
    if (!Array.isArray(value) || value.length !== 2) throw this.#wrong(`"${name}" is no pair`);
    const [low, high] = value.map((each) => this.#inRange(name, each, 1, highest)) as [number, number];
    if (!Number.isInteger(low) || !Number.isInteger(high) || low > high) throw this.#wrong(`"${name}" is no range`);
    return [low, high];
  }

  object(name: string): Fields {
    return new Fields(`${this.#what}, ${name}`, this.#values[name]);
  }

  objects(name: string, most: number): readonly Fields[] {
    const value = this.#values[name];
    if (!Array.isArray(value)) throw this.#wrong(`"${name}" is no list`);
    if (value.length > most) throw this.#wrong(`"${name}" has more than ${most} entries`);
    return value.map((each, index) => new Fields(`${this.#what}, ${name} ${index + 1}`, each));
  }

  #inRange(name: string, value: unknown, lowest: number, highest: number): number {
    if (typeof value !== 'number' || !(value >= lowest && value <= highest))
      throw this.#wrong(`"${name}" is no number from ${lowest} to ${highest}`);
    return value;
  }

  #wrong(why: string): TunnelError {
    return new TunnelError('message', `reading ${this.#what}: ${why}`);
  }
}

// Names from hosts end up in terminals and logs.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point.
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
