import type { Extensible } from './extension.ts';

/** Durations are Go durations such as `1m30s`; `parseDuration` reads them. */
export interface Healthcheck extends Extensible {
  /** Begins with `NONE`, `CMD` or `CMD-SHELL`. */
  readonly test?: readonly string[];
  readonly timeout?: string;
  readonly interval?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly start_interval?: string;
  readonly disable?: true;
}
