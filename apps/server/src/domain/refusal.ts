import { DroverError } from '@drover/base';
import type { DiagnosticView } from '@drover/contract';

/**
 * Why something asked for is not done.
 * - `invalid`: the request makes no sense as it is; `invalid-source`: the Compose files do not.
 * - `not-found`: there is no such thing. `taken`: something of the name is there.
 * - `busy`: a deployment runs. `not-now`: the state of the thing does not allow it.
 * - `too-large`: beyond a bound. `no-space`: the disk of the server is full.
 * - `unauthenticated`, `forbidden`, `too-many`: who asks may not, or not now.
 * - `stopping`: the server ends.
 */
export type RefusalCode =
  | 'invalid'
  | 'invalid-source'
  | 'not-found'
  | 'taken'
  | 'busy'
  | 'not-now'
  | 'too-large'
  | 'no-space'
  | 'unauthenticated'
  | 'forbidden'
  | 'too-many'
  | 'stopping';

/** A request that is refused with one sentence; nothing was done. */
export class Refusal extends DroverError {
  readonly code: RefusalCode;
  readonly diagnostics: readonly DiagnosticView[];

  constructor(code: RefusalCode, message: string, options: { readonly diagnostics?: readonly DiagnosticView[] } = {}) {
    super(message);
    this.code = code;
    this.diagnostics = options.diagnostics ?? [];
  }
}
