import { DroverError } from '@drover/base';
import type { Origin } from '@drover/compose';

export type PlanErrorCode =
  | 'missing-image'
  | 'missing-network'
  | 'missing-volume'
  | 'missing-secret'
  | 'missing-config'
  | 'foreign-network'
  | 'foreign-volume'
  | 'network-differs'
  | 'volume-differs'
  | 'name-taken'
  | 'port-taken'
  | 'no-host'
  | 'unsupported'
  | 'invalid';

/** One reason why a revision cannot be brought about on this engine as it stands. */
export interface PlanProblem {
  readonly code: PlanErrorCode;
  /** One sentence. */
  readonly message: string;
  readonly service?: string;
  readonly origin?: Origin;
}

/** Nothing was done: all the reasons why no plan can be made. */
export class PlanError extends DroverError {
  readonly code = 'plan';
  readonly problems: readonly PlanProblem[];

  constructor(project: string, problems: readonly PlanProblem[]) {
    super(`planning ${project}: ${problems.map(withPlace).join('; ')}`);
    this.problems = problems;
  }
}

function withPlace({ message, origin }: PlanProblem): string {
  return origin === undefined ? message : `${message} (${origin.file}:${origin.line}:${origin.column})`;
}
