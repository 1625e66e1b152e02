/** A place in a file. Lines and columns count from 1, columns in UTF-16 units; offsets from 0. */
export interface Origin {
  /** The address under which the file was read. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** Where in the model a value lies, such as `['services', 'web', 'ports', 0]`. Never a dotted string: names may hold dots. */
export type Path = readonly (string | number)[];

export type Severity = 'error' | 'warning';

/** One finding about the input. `message` is a sentence fit for the user and holds no value that came from a variable. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly path: Path;
  readonly origin?: Origin;
  /** The word the author may have meant. */
  readonly suggestion?: string;
}

/** Every kind of finding; callers may switch on it. */
export type DiagnosticCode =
  | 'aborted'
  | 'limit'
  | 'not-found'
  | 'outside'
  | 'unreadable'
  | 'yaml'
  | 'interpolation'
  | 'unset-variable'
  | 'cast'
  | 'include'
  | 'extends'
  | 'cycle'
  | 'schema'
  | 'unknown-key'
  | 'value'
  | 'duplicate'
  | 'consistency'
  | 'undefined-reference'
  | 'env-file'
  | 'project-name'
  | 'obsolete'
  | 'unsupported';
