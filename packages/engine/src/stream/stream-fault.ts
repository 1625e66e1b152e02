import type { EngineErrorCode } from '../engine-error.ts';

/** What is wrong with a stream, before it is known what was being done. */
export class StreamFault extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, reason: string) {
    super(reason);
    this.code = code;
  }
}
