import { ComposeError } from '../diagnostics/compose-error.ts';
import type { Diagnostic, Origin, Path } from '../diagnostics/diagnostic.ts';
import { Redaction } from '../diagnostics/redaction.ts';
import type { Reference } from '../template/parse.ts';
import { countNodes } from '../tree/count.ts';
import { keyOriginOf, type Node, originOf, type Place } from '../tree/node.ts';
import { Source } from '../tree/source.ts';
import { decodeText } from '../yaml/decode-text.ts';
import type { LoadInput } from './input.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { ReadRefusal } from './reader.ts';
import type { InputKind, LoadedInput, VariableUse } from './result.ts';

/**
 * What one load shares between its stages: the reader and its bounds, what was found, what was read.
 * INVARIANTS: every byte from outside comes through `read`; no diagnostic is written twice.
 */
export class Session {
  readonly limits: Limits;
  readonly budget: { left: number };
  readonly redaction = new Redaction();
  readonly #input: LoadInput;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #reported = new Set<string>();
  readonly #inputs = new Map<string, LoadedInput>();
  readonly #sources = new Map<string, Source>();
  readonly #variables = new Map<string, VariableUse>();
  #files = 0;
  #work = 0;

  constructor(input: LoadInput) {
    this.#input = input;
    this.limits = { ...defaultLimits, ...input.limits };
    this.budget = { left: this.limits.interpolatedChars };
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  get inputs(): readonly LoadedInput[] {
    return [...this.#inputs.values()];
  }

  get variables(): readonly VariableUse[] {
    return [...this.#variables.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** Ends the load when its caller gave up. */
  checkAborted(): void {
    if (this.#input.signal?.aborted === true) throw new ComposeError('aborted', 'the load was cancelled');
  }

  /** Counts the nodes of a tree against the work that is allowed. */
  spend(node: Node): void {
    this.spendValues(countNodes(node, this.limits.work - this.#work), { place: node });
  }

  /** Counts values, such as those that an env file gives to each of many services. */
  spendValues(count: number, details: { readonly path?: Path; readonly place?: Place }): void {
    this.#work += count;
    if (this.#work < this.limits.work) return;
    throw new ComposeError(
      'limit',
      `the files grow to more than ${this.limits.work} values where they are put together`,
      details,
    );
  }

  warn(error: ComposeError): void {
    this.report(error, 'warning');
  }

  report(error: ComposeError, severity: Diagnostic['severity'], origin?: Origin): void {
    const { place, path = [], suggestion } = error.details;
    const where = origin ?? (place === undefined ? undefined : placeOrigin(place, path, error));
    const diagnostic: Diagnostic = {
      severity,
      code: error.code,
      message: this.redaction.apply(error.message),
      path: path.map((part) => (typeof part === 'string' ? this.redaction.apply(part) : part)),
      ...(where === undefined ? {} : { origin: where }),
      ...(suggestion === undefined ? {} : { suggestion }),
    };
    const identity = JSON.stringify([diagnostic.code, diagnostic.message, where?.file, where?.start]);
    if (this.#reported.has(identity)) return;
    this.#reported.add(identity);
    this.#diagnostics.push(diagnostic);
  }

  /** Records that the project needs a file or folder. */
  need(kind: InputKind, uri: string, read: boolean): void {
    const key = `${kind} ${uri}`;
    const known = this.#inputs.get(key);
    if (known === undefined || (read && !known.read)) this.#inputs.set(key, { kind, uri, read });
  }

  /** Records that the files name a variable. */
  nameVariable({ name, operator, word }: Reference, set: boolean): void {
    const known = this.#variables.get(name);
    const takesDefault = operator === ':-' || operator === '-';
    const takesAlternate = operator === ':+' || operator === '+';
    this.#variables.set(name, {
      name,
      ...(takesDefault ? { default: word } : known?.default === undefined ? {} : { default: known.default }),
      ...(takesAlternate ? { alternate: word } : known?.alternate === undefined ? {} : { alternate: known.alternate }),
      required: operator === ':?' || operator === '?' || known?.required === true,
      set,
    });
  }

  async kind(uri: string): Promise<'file' | 'directory' | 'missing'> {
    return uri === '/dev/null' ? 'file' : this.#input.reader.kind(uri, this.#input.signal);
  }

  /** A text given with the input, such as an editor's buffer. */
  give(uri: string, text: string): Source {
    if (text.length > this.limits.fileBytes) throw tooLarge(uri, this.limits.fileBytes);
    const source = new Source(uri, text);
    this.#sources.set(uri, source);
    return source;
  }

  /** The text of a file, read once; throws a `ComposeError` where there is none. */
  async read(
    uri: string,
    kind: InputKind,
    details: { readonly path?: Path; readonly place?: Place } = {},
  ): Promise<Source> {
    this.checkAborted();
    const known = this.#sources.get(uri);
    if (known !== undefined) {
      this.need(kind, uri, true);
      return known;
    }
    if (uri === '/dev/null') return new Source(uri, '');
    this.#files++;
    if (this.#files > this.limits.files) {
      throw new ComposeError('limit', `the project reads more than ${this.limits.files} files`, details);
    }
    const outcome = await this.#input.reader.read(uri, this.limits.fileBytes, this.#input.signal);
    this.checkAborted();
    if (!outcome.ok) {
      if (outcome.refusal === 'too-large') throw tooLarge(uri, this.limits.fileBytes, details);
      throw new ComposeError(refusalCode(outcome.refusal), `reading ${uri}: ${outcome.reason}`, details);
    }
    if (outcome.resource.bytes.length > this.limits.fileBytes) throw tooLarge(uri, this.limits.fileBytes, details);
    const source = new Source(outcome.resource.uri, decodeText(uri, outcome.resource.bytes));
    this.#sources.set(uri, source);
    this.need(kind, uri, true);
    return source;
  }
}

function placeOrigin(place: Place, path: Path, error: ComposeError): Origin {
  const key = path.at(-1);
  return error.code === 'unknown-key' && typeof key === 'string' ? keyOriginOf(place, key) : originOf(place);
}

function refusalCode(refusal: Exclude<ReadRefusal, 'too-large'>): ComposeError['code'] {
  switch (refusal) {
    case 'not-found':
      return 'not-found';
    case 'outside':
      return 'outside';
    case 'unsupported':
      return 'unsupported';
    case 'is-directory':
    case 'unreadable':
      return 'unreadable';
  }
}

function tooLarge(
  uri: string,
  bytes: number,
  details: { readonly path?: Path; readonly place?: Place } = {},
): ComposeError {
  const size = `${Math.floor(bytes / 1024 / 1024)} MB`;
  return new ComposeError('limit', `reading ${uri}: it is larger than ${size}, which no Compose file needs`, details);
}
