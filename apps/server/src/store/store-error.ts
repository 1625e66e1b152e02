import { DroverError } from '@drover/base';

/** The store cannot be opened or carried over to this version. */
export class StoreError extends DroverError {
  readonly code = 'store';
}
