import { DroverError } from '@drover/base';
import type { ExitName } from './exit-codes.ts';

/** What an agent cannot do, and how the program ends because of it. */
export class AgentError extends DroverError {
  readonly code: Exclude<ExitName, 'ok'>;

  constructor(code: Exclude<ExitName, 'ok'>, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
