import { messageOf } from '@drover/base';
import type { Log } from '../log.ts';
import type { StackImages } from '../orchestrator/stack-images.ts';

/** Drops the images of revisions that are not kept any more; hosts that cannot be asked keep them a little longer. */
export async function forgetRevisions({
  images,
  log,
  stack,
  revisions,
}: {
  readonly images: StackImages;
  readonly log: Log;
  readonly stack: string;
  readonly revisions: readonly number[];
}): Promise<void> {
  try {
    for (const revision of revisions) await images.drop({ stack, revision });
  } catch (error) {
    log.warn({ stack, reason: messageOf(error) }, 'images of old revisions could not be let go of');
  }
}
