import { DroverError } from '@drover/base';

/** The files of a stack cannot be put together or uploaded. */
export class SourceError extends DroverError {
  readonly code = 'source';
}
