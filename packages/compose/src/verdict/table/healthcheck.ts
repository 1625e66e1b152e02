import type { Healthcheck } from '../../model/healthcheck.ts';
import { before } from '../conditions.ts';
import { both, depends, type Rules } from '../rule.ts';
import { honoured, refused } from '../verdict.ts';

export const healthcheckRules: Rules<Healthcheck> = {
  test: both(honoured),
  interval: both(honoured),
  timeout: both(honoured),
  retries: both(honoured),
  start_period: both(honoured),
  start_interval: both(
    depends(
      [before('1.44', refused('it needs Docker Engine 25 or newer', 'leave it out, and lower `interval`'))],
      honoured,
    ),
  ),
  disable: both(honoured),
};
