import type { Filters } from '../call-options.ts';
import type { EngineEvent, EventType } from '../model/event.ts';
import type { StringMap } from '../model/wire.ts';
import { AsyncQueue } from '../stream/queue.ts';
import { labelsMatch } from './filters.ts';

/** As many as the real engine keeps for `since`. */
const keptEvents = 256;

/** The events of the fake: the last ones, and who listens. */
export class EventBus {
  #kept: EngineEvent[] = [];
  readonly #listeners = new Map<AsyncQueue<EngineEvent>, Filters>();
  #lastNano = 0n;
  /** Told of every event, whether anybody is connected or not. */
  readonly observers = new Set<(event: EngineEvent) => void>();

  publish(
    type: EventType,
    action: string,
    id: string,
    attributes: StringMap,
    scope: EngineEvent['scope'] = 'local',
  ): void {
    const now = BigInt(Date.now()) * 1_000_000n;
    this.#lastNano = now > this.#lastNano ? now : this.#lastNano + 1n;
    const event: EngineEvent = {
      Type: type,
      Action: action,
      Actor: { ID: id, Attributes: attributes },
      scope,
      time: Number(this.#lastNano / 1_000_000_000n),
      timeNano: String(this.#lastNano),
    };
    this.#kept.push(event);
    if (this.#kept.length > keptEvents) this.#kept.shift();
    for (const [queue, filters] of this.#listeners) if (eventMatches(event, filters)) queue.push(event);
    for (const observe of this.observers) observe(event);
  }

  listen(filters: Filters, since: string | undefined): AsyncQueue<EngineEvent> {
    const queue = new AsyncQueue<EngineEvent>();
    if (since !== undefined) {
      const from = nanosOf(since);
      for (const event of this.#kept) {
        if (BigInt(event.timeNano) >= from && eventMatches(event, filters)) queue.push(event);
      }
    }
    this.#listeners.set(queue, filters);
    return queue;
  }

  forget(queue: AsyncQueue<EngineEvent>): void {
    this.#listeners.delete(queue);
    queue.close();
  }

  /** Ends every listener's stream with an error, as a lost connection does. */
  fail(error: unknown): void {
    for (const queue of this.#listeners.keys()) queue.close(error);
    this.#listeners.clear();
  }
}

function nanosOf(since: string): bigint {
  const [seconds = '0', fraction = ''] = since.split('.');
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}

function eventMatches(event: EngineEvent, filters: Filters): boolean {
  return Object.entries(filters).every(([name, wanted]) => {
    switch (name) {
      case 'type':
        return wanted.includes(event.Type);
      case 'scope':
        return wanted.includes(event.scope);
      case 'service':
      case 'node':
      case 'secret':
      case 'config':
        return event.Type === name && wanted.some((text) => isNamed(event, text));
      case 'event':
        return wanted.some((action) => event.Action === action || event.Action.startsWith(`${action}:`));
      case 'label':
        return labelsMatch(event.Actor.Attributes, wanted);
      case 'container':
        return event.Type === 'container' && wanted.some((text) => isNamed(event, text));
      default:
        return true;
    }
  });
}

function isNamed(event: EngineEvent, text: string): boolean {
  return event.Actor.ID.startsWith(text) || event.Actor.Attributes.name === text;
}
