import { DroverError } from '@drover/base';
import type { Failure } from '../model/progress.ts';

/** An operation that failed for a reason that is not an engine call's. */
export class StepFailure extends DroverError {
  readonly code = 'step';
  readonly reason: Failure['reason'];
  readonly containerId: string | undefined;
  /** The host that it happened on, where there are several. */
  readonly host: string | undefined;
  /** Lines that show why, before those that the container wrote. */
  readonly evidence: readonly string[];

  constructor(
    reason: Failure['reason'],
    message: string,
    details: {
      readonly containerId?: string;
      readonly host?: string | undefined;
      readonly evidence?: readonly string[];
    } = {},
  ) {
    super(message);
    this.reason = reason;
    this.containerId = details.containerId;
    this.host = details.host;
    this.evidence = details.evidence ?? [];
  }
}
