import type { Healthcheck } from '@drover/compose';
import type { HealthConfig } from '../../model/container-body.ts';
import { nanoseconds } from './quantity.ts';

/** The health check as the engine takes it; undefined leaves the image's own in force. */
export function healthConfig(check: Healthcheck | undefined): HealthConfig | undefined {
  if (check === undefined) return undefined;
  return {
    Test: check.disable === true ? ['NONE'] : (check.test ?? []),
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    Retries: check.retries ?? 0,
    StartPeriod: nanoseconds(check.start_period),
    StartInterval: nanoseconds(check.start_interval),
  };
}
