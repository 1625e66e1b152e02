/**
 * The root of every error that Drover raises on purpose. `code` is a literal that callers and the HTTP border switch on;
 * `message` reads "doing what: why" and is fit to be shown to a user. Anything else that is thrown is a bug.
 */
export abstract class DroverError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A state that the code rules out. It looks like a bug because it is one. */
export class InternalError extends DroverError {
  readonly code = 'internal';
}

/** Ends a `switch` over a union: the compiler reports the member that was left out. */
export function unreachable(value: never): never {
  throw new InternalError(`unexpected value ${JSON.stringify(value)}`);
}

/** The message of anything thrown, for a sentence that goes on. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
