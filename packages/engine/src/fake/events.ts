import type { EngineEvents, EventOptions } from '../api/events.ts';
import { watchEvents } from '../events/watch.ts';
import type { EngineEvent } from '../model/event.ts';
import type { Gate } from './gate.ts';
import type { FakeWorld } from './world.ts';

export function createFakeEvents(world: FakeWorld, gate: Gate): EngineEvents {
  const open = (options?: EventOptions): Promise<AsyncIterable<EngineEvent>> => {
    const doing = options?.doing ?? 'listening to events';
    return gate.pass({ name: 'events.open', target: '' }, doing, options, () => {
      const queue = world.events.listen(options?.filters ?? {}, options?.since);
      const abort = () => queue.close(gate.streamError(new Error('ended'), doing, options?.signal));
      options?.signal?.addEventListener('abort', abort, { once: true });
      return (async function* () {
        try {
          yield* queue;
        } catch (thrown) {
          throw gate.streamError(thrown, doing, options?.signal);
        } finally {
          options?.signal?.removeEventListener('abort', abort);
          world.events.forget(queue);
        }
      })();
    });
  };
  return { open, watch: (options) => watchEvents(open, options ?? {}) };
}
