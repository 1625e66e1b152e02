import { DroverError } from '@drover/base';

/** The command line is wrong: one sentence, and what may have been meant. Exit code 64. */
export class UsageError extends DroverError {
  readonly code = 'usage';
  /** Whose `--help` would tell, such as `up`. */
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}

/** Something that was asked for could not be done. Exit code 1. */
export class CommandError extends DroverError {
  readonly code = 'command';
}

/** The user said no, or stopped it. Exit code 130. */
export class CancelledError extends DroverError {
  readonly code = 'cancelled';
}
