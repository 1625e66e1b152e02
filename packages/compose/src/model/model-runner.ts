import type { Extensible } from './extension.ts';

/** An AI model that services use; the key is `models`. */
export interface Model extends Extensible {
  readonly name?: string;
  readonly model?: string;
  readonly context_size?: number;
  readonly runtime_flags?: readonly string[];
}
