import { InternalError } from '@drover/base';
import type { Operation } from '../../model/operation.ts';
import type { Run } from '../run.ts';

/** Only a manager of a Swarm can do this operation; a plan for one engine has none. */
export function notOfOneEngine(_run: Run, operation: Operation): Promise<never> {
  return Promise.reject(new InternalError(`executing ${operation.id}: a single engine has no services of a Swarm`));
}
