import { DroverError } from '@drover/base';
import type { Diagnostic } from '@drover/compose';

/** The Compose files are wrong; every finding that makes them so. Exit code 1. */
export class ComposeFilesError extends DroverError {
  readonly code = 'compose-files';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    super(errors[0]?.message ?? 'the Compose files are wrong');
    this.diagnostics = errors;
  }
}
