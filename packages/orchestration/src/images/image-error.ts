import { DroverError } from '@drover/base';
import type { Origin } from '@drover/compose';

export interface ImageProblem {
  readonly ref: string;
  readonly services: readonly string[];
  /** One sentence. */
  readonly message: string;
  readonly origin?: Origin;
}

/** Images that a deploy needs and that cannot be had. */
export class ImageError extends DroverError {
  readonly code = 'image';
  readonly problems: readonly ImageProblem[];

  constructor(problems: readonly ImageProblem[], options?: { readonly cause?: unknown }) {
    super(
      problems
        .map(({ message, origin }) =>
          origin === undefined ? message : `${message} (${origin.file}:${origin.line}:${origin.column})`,
        )
        .join('; '),
      options,
    );
    this.problems = problems;
  }
}
