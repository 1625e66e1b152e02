import type { Wire } from './wire.ts';

/** A health check; the times are nanoseconds, 0 or absent inherits the image's, then the engine's own. */
export type HealthConfig = Wire<{
  /** `[]` inherits, `['NONE']` disables, `['CMD', …]` or `['CMD-SHELL', line]`. */
  Test: readonly string[];
  Interval: number;
  Timeout: number;
  Retries: number;
  StartPeriod: number;
  /** API 1.44; an older engine does not know it. */
  StartInterval: number;
}>;
