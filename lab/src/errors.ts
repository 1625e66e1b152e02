import { DroverError } from '@drover/base';

/** Something that the lab could not do on this machine; the message says what it was doing and why it failed. */
export class LabError extends DroverError {
  readonly code = 'lab';
}

/** A command line that makes no sense; the message is the one sentence that the user gets, and the exit code is 2. */
export class LabUsageError extends DroverError {
  readonly code = 'lab_usage';
}
