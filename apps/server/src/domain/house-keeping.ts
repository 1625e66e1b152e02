import { messageOf } from '@drover/base';
import { Loop } from '@drover/orchestration';
import type { Log } from './log.ts';
import type { StackImages } from './orchestrator/stack-images.ts';
import type { Blobs } from './source/blobs.ts';

const everyMs = 3_600_000;

/** Lets go of what no revision needs any more: tags of images at once, uploaded files now and then. */
export class HouseKeeping {
  readonly #images: StackImages;
  readonly #log: Log;
  readonly #loop: Loop;

  constructor(images: StackImages, blobs: Blobs, log: Log) {
    this.#images = images;
    this.#log = log;
    this.#loop = new Loop({ run: () => blobs.collectGarbage(), everyMs, settleMs: 1000 });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Drops the images of revisions that are not kept any more; an engine that cannot be asked keeps them a little longer. */
  async forgetRevisions(stack: string, revisions: readonly number[]): Promise<void> {
    if (revisions.length === 0) return;
    try {
      for (const revision of revisions) await this.#images.drop({ stack, revision });
    } catch (error) {
      this.#log.warn({ stack, reason: messageOf(error) }, 'images of old revisions could not be let go of');
    }
    this.#loop.wake();
  }
}
