import type { OperationKind, OperationOf } from '../model/operation.ts';
import type { Run } from './run.ts';

/** Carries out one operation; answers warnings, if there are any. Done twice, it comes to the same as once. */
export type Executor<Kind extends OperationKind> = (
  run: Run,
  operation: OperationOf<Kind>,
) => Promise<readonly string[] | undefined>;
