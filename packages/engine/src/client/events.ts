import type { EngineEvents, EventOptions } from '../api/events.ts';
import { watchEvents } from '../events/watch.ts';
import type { EngineEvent } from '../model/event.ts';
import { decodeLines, parseJson } from '../stream/json-lines.ts';
import type { EngineConnection } from './connection.ts';
import { filterText } from './engine-call.ts';
import { guarded } from './read-answer.ts';

export function createEvents(connection: EngineConnection): EngineEvents {
  const open = async (options?: EventOptions): Promise<AsyncIterable<EngineEvent>> => {
    const doing = options?.doing ?? 'listening to the events of the engine';
    const response = await connection.open({
      method: 'GET',
      path: '/events',
      query: { filters: filterText(options?.filters), since: options?.since, until: options?.until },
      doing,
      options,
    });
    return guarded(decodeEvents(response), { doing, signal: options?.signal });
  };
  return { open, watch: (options) => watchEvents(open, options ?? {}) };
}

async function* decodeEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<EngineEvent, void, undefined> {
  for await (const line of decodeLines(body)) {
    const { Type, Action, Actor, scope, time } = parseJson(line) as EngineEvent;
    // Inside a JSON string the quotes would be escaped, so this is the key itself.
    const timeNano = /"timeNano":\s*(\d+)/.exec(line)?.[1] ?? `${time}000000000`;
    yield { Type, Action, Actor: { ID: Actor.ID, Attributes: Actor.Attributes ?? {} }, scope, time, timeNano };
  }
}
