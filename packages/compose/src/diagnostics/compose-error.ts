import { DroverError } from '@drover/base';
import type { Place } from '../tree/node.ts';
import type { DiagnosticCode, Path } from './diagnostic.ts';

/** What a `ComposeError` may say besides its sentence. */
export interface ErrorDetails {
  readonly path?: Path | undefined;
  readonly place?: Place | undefined;
  readonly suggestion?: string | undefined;
}

/** Ends a stage of the pipeline; `load` turns it into a diagnostic, so it never reaches a caller of the package's face. */
export class ComposeError extends DroverError {
  readonly code: DiagnosticCode;
  readonly details: ErrorDetails;

  constructor(code: DiagnosticCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}
