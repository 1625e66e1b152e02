import { DroverError } from '@drover/base';

/**
 * What kind of failure it was.
 * - `message`: the other side sent what the protocol does not allow.
 * - `protocol`: the two sides have no version of the protocol in common.
 * - `refused`: the other side said no; `reason` is its own word for it.
 * - `unreachable`: what the stream was to lead to does not answer, such as a stopped engine.
 * - `closed`: the tunnel has ended, or ended meanwhile.
 * - `busy`: the tunnel carries as many streams as it may.
 * - `timeout`: no answer in time.
 * - `aborted`: the caller's signal fired.
 */
export type TunnelErrorCode =
  | 'message'
  | 'protocol'
  | 'refused'
  | 'unreachable'
  | 'closed'
  | 'busy'
  | 'timeout'
  | 'aborted';

/** Every failure of the tunnel; `message` reads "doing what: why". */
export class TunnelError extends DroverError {
  readonly code: TunnelErrorCode;
  /** The other side's own word for a refusal, to switch on. */
  readonly reason: string | undefined;

  constructor(
    code: TunnelErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly reason?: string } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.reason = options.reason;
  }
}

/** Whether something thrown is the tunnel's failure of this kind. */
export function isTunnelError(thrown: unknown, code: TunnelErrorCode): thrown is TunnelError {
  return thrown instanceof TunnelError && thrown.code === code;
}
