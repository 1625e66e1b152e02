import type { Filters } from '../call-options.ts';
import type { EngineEvent } from '../model/event.ts';

/**
 * The events that change what stands. Probes of health checks make several others each time; asking the engine for these alone
 * keeps an idle Drover idle.
 */
export const watchedEvents: Filters = {
  type: ['container', 'image', 'network', 'volume'],
  event: [
    'create',
    'start',
    'restart',
    'die',
    'oom',
    'destroy',
    'rename',
    'pause',
    'unpause',
    'update',
    'health_status',
    'connect',
    'disconnect',
    'pull',
    'tag',
    'untag',
    'delete',
    'import',
    'load',
    'remove',
  ],
};

/** The container whose state an event touches, if any. */
export function touchedContainer({ Type, Actor }: EngineEvent): string | undefined {
  if (Type === 'container') return Actor.ID;
  return Type === 'network' && Object.hasOwn(Actor.Attributes, 'container') ? Actor.Attributes.container : undefined;
}
