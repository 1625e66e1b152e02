import type { ChangeEvent } from '@drover/contract';
import type { Stage } from './stage.ts';

export interface CollectedEvents {
  readonly events: ChangeEvent[];
  /** Ends the stream and waits for its end. */
  stop(): Promise<void>;
}

/** Collects what a server tells of changes. The reader ends the stream: a signal given to Node's `fetch` did not always end it. */
export async function collectEvents(client: Stage['client']): Promise<CollectedEvents> {
  const stream = await client.system.events({});
  const events: ChangeEvent[] = [];
  const reading = (async () => {
    for await (const event of stream) events.push(event);
  })().catch(() => {});
  return {
    events,
    async stop() {
      await stream.return(undefined).catch(() => {});
      await reading;
    },
  };
}
