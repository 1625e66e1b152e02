import { DroverError } from '@drover/base';

/** Something sealed cannot be opened, or the key is not usable. */
export class SealError extends DroverError {
  readonly code = 'seal';
}
