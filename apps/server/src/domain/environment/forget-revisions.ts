import { messageOf } from '@drover/base';
import type { Engine } from '@drover/engine';
import { dropImages } from '@drover/orchestration';
import type { Log } from '../log.ts';

/** Drops the images of revisions that are not kept any more; an engine that cannot be asked keeps them a little longer. */
export async function forgetRevisions({
  engine,
  log,
  stack,
  revisions,
}: {
  readonly engine: Engine;
  readonly log: Log;
  readonly stack: string;
  readonly revisions: readonly number[];
}): Promise<void> {
  try {
    for (const revision of revisions) await dropImages({ engine, stack, revision });
  } catch (error) {
    log.warn({ stack, reason: messageOf(error) }, 'images of old revisions could not be let go of');
  }
}
