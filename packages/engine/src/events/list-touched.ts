import { mapBounded } from '@drover/base';
import type { Engine } from '../engine.ts';
import type { ContainerSummary } from '../model/container.ts';
import type { EngineEvent } from '../model/event.ts';
import { touchedContainer } from './watched-events.ts';

/** For how long an engine may clean up after a container before what it lists is taken as it is, in milliseconds. */
const cleanUpMs = 5_000;
const inspectsAtOnce = 8;

export interface TouchedList {
  /** What is known to have happened; the list is made after all of it. */
  readonly events: readonly EngineEvent[];
  readonly ids: readonly string[] | 'all';
  readonly signal?: AbortSignal | undefined;
}

/**
 * The containers of these ids as they are after these events. Engine 20.10 says `die` before it has cleaned up after a container, and
 * goes on listing it as running until then; it answers an inspect only once it has. 26 and 28 say `die` last.
 */
export async function listTouched(
  engine: Pick<Engine, 'containers'>,
  { events, ids, signal }: TouchedList,
): Promise<readonly ContainerSummary[]> {
  if (ids.length === 0) return [];
  const filters = ids === 'all' ? {} : { filters: { id: ids } };
  const list = (): Promise<readonly ContainerSummary[]> => engine.containers.list({ all: true, ...filters, signal });
  const listed = await list();
  const ended = endedIn(events);
  const doubtful = listed.filter(({ Id, State }) => State === 'running' && ended.has(Id));
  if (doubtful.length === 0) return listed;
  const inTime = AbortSignal.timeout(cleanUpMs);
  const call = { signal: signal === undefined ? inTime : AbortSignal.any([signal, inTime]) };
  // One that is gone, or takes too long, is listed as well as it can be.
  await mapBounded(doubtful, inspectsAtOnce, ({ Id }) => engine.containers.inspect(Id, call).catch(() => {}));
  return await list();
}

/** Containers that were not seen to start again after their end. */
function endedIn(events: readonly EngineEvent[]): ReadonlySet<string> {
  const ended = new Set<string>();
  for (const event of events) {
    const id = touchedContainer(event);
    if (id === undefined || event.Type !== 'container') continue;
    if (event.Action === 'die') ended.add(id);
    else if (event.Action === 'start') ended.delete(id);
  }
  return ended;
}
