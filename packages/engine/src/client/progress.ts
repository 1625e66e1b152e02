import type { TransferProgress } from '../model/image.ts';
import { decodeJsonLines } from '../stream/json-lines.ts';
import { progressError } from './answer-error.ts';

interface ProgressLine extends TransferProgress {
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string; readonly code?: number };
}

/** Lines of progress; the one that reports an error is thrown instead. */
export async function* decodeProgress(
  body: AsyncIterable<Uint8Array>,
  doing: string,
): AsyncGenerator<TransferProgress, void, undefined> {
  for await (const line of decodeJsonLines(body)) {
    const progress = line as ProgressLine;
    const message = progress.errorDetail?.message ?? progress.error;
    if (message !== undefined) throw progressError(message, progress.errorDetail?.code || undefined, doing);
    yield progress;
  }
}
