import type { ServiceHook } from '../../model/service-parts.ts';
import { both, type Rules } from '../rule.ts';
import { honoured, pins, refused } from '../verdict.ts';

export const preStartRules: Rules<ServiceHook> = {
  command: both(honoured),
  image: both(honoured),
  user: both(honoured),
  working_dir: both(honoured),
  environment: both(honoured),
  privileged: { engine: honoured, swarm: pins('a job of a Swarm cannot be privileged') },
  per_replica: both(
    refused('the hook runs once for all containers of the service', 'leave it out, or do it in the `entrypoint`'),
  ),
};
