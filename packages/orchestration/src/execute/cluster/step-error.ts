import { DroverError } from '@drover/base';

export type ClusterStepErrorCode = 'no-manager' | 'no-key' | 'not-done' | 'refused';

/** A step of a plan for a Swarm that was not carried out; `message` is "doing what: why". */
export class ClusterStepError extends DroverError {
  readonly code: ClusterStepErrorCode;

  constructor(code: ClusterStepErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
