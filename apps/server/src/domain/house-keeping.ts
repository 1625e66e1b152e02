import { Loop } from '@drover/orchestration';
import type { Blobs } from './source/blobs.ts';

const everyMs = 3_600_000;

/** Lets go, now and then, of uploaded files that no revision of any environment needs any more. */
export class HouseKeeping {
  readonly #loop: Loop;

  constructor(blobs: Blobs) {
    this.#loop = new Loop({ run: () => blobs.collectGarbage(), everyMs, settleMs: 1000 });
  }

  start(): void {
    this.#loop.start();
  }

  /** Revisions were forgotten: looks soon. */
  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }
}
