import { EngineError, type EngineEvent, type EventOptions, type WatchedEvent } from '@drover/engine';
import { expect, it } from 'vitest';
import { watchEvents } from '../../src/events/watch.ts';
import { AsyncQueue } from '../../src/stream/queue.ts';
import { eventually } from '../contract/subject.ts';

/** Connections that the test feeds by hand. */
class Source {
  readonly opened: { readonly options: EventOptions; readonly events: AsyncQueue<EngineEvent> }[] = [];
  failures: Error[] = [];

  readonly open = async (options: EventOptions): Promise<AsyncIterable<EngineEvent>> => {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const events = new AsyncQueue<EngineEvent>();
    this.opened.push({ options, events });
    return events;
  };

  async connection(index: number): Promise<AsyncQueue<EngineEvent>> {
    await eventually(
      async () => this.opened.length,
      (count) => count > index,
    );
    return this.opened[index]!.events;
  }
}

function event(nano: number, action = 'start', id = 'web'): EngineEvent {
  return {
    Type: 'container',
    Action: action,
    Actor: { ID: id, Attributes: {} },
    scope: 'local',
    time: 1,
    timeNano: `1${String(nano).padStart(9, '0')}`,
  };
}

const quick = { firstDelay: 1, longestDelay: 8 };
const lost = new EngineError({ code: 'connection-lost', doing: 'listening', reason: 'gone' });

function collect(
  source: Source,
  timing = {},
): { seen: string[]; raw: WatchedEvent[]; stop: AbortController; done: Promise<void> } {
  const stop = new AbortController();
  const seen: string[] = [];
  const raw: WatchedEvent[] = [];
  const done = (async () => {
    for await (const watched of watchEvents(source.open, { signal: stop.signal }, { ...quick, ...timing })) {
      raw.push(watched);
      seen.push(
        watched.type === 'event'
          ? `${watched.event.Action} ${Number(watched.event.timeNano.slice(1))}`
          : watched.type === 'relist'
            ? `relist ${watched.reason}`
            : 'lost',
      );
    }
  })();
  return { seen, raw, stop, done };
}

it('resumes where it was, leaves out what comes twice, and tells to list again', async () => {
  const source = new Source();
  const { seen, stop, done } = collect(source);
  const first = await source.connection(0);
  first.push(event(1));
  first.push(event(2));
  first.push(event(2, 'die'));
  first.close(lost);
  const second = await source.connection(1);
  second.push(event(2));
  second.push(event(2, 'die'));
  second.push(event(2, 'start', 'other'));
  second.push(event(3));
  await eventually(
    async () => seen.length,
    (length) => length >= 8,
  );
  stop.abort();
  await done;
  expect(seen).toEqual([
    'relist start',
    'start 1',
    'start 2',
    'die 2',
    'lost',
    'relist reconnected',
    'start 2',
    'start 3',
  ]);
  expect(source.opened[0]?.options.since).toBeUndefined();
  expect(source.opened[1]?.options.since).toBe('1.000000002');
});

it('goes on trying, with growing pauses, and says once that the connection is lost', async () => {
  const source = new Source();
  source.failures = [
    lost,
    lost,
    new EngineError({ code: 'unreachable', doing: 'listening', reason: 'no' }),
    lost,
    lost,
  ];
  const { seen, stop, done } = collect(source);
  await source.connection(0);
  await eventually(
    async () => seen.length,
    (length) => length >= 2,
  );
  stop.abort();
  await done;
  expect(seen).toEqual(['lost', 'relist start']);
});

it('reconnects when the engine ends the stream properly', async () => {
  const source = new Source();
  const { seen, stop, done } = collect(source);
  (await source.connection(0)).close();
  await source.connection(1);
  await eventually(
    async () => seen.length,
    (length) => length >= 3,
  );
  stop.abort();
  await done;
  expect(seen).toEqual(['relist start', 'lost', 'relist reconnected']);
});

it('ends with an error that no new attempt mends, and with a defect', async () => {
  const source = new Source();
  source.failures = [
    new EngineError({ code: 'bad-request', doing: 'listening', reason: 'invalid filter', status: 400 }),
  ];
  await expect(collect(source).done).rejects.toMatchObject({ code: 'bad-request' });
  source.failures = [new TypeError('a defect')];
  await expect(collect(source).done).rejects.toThrow('a defect');
});

it('drops what a slow consumer has not read and tells it to list again', async () => {
  const source = new Source();
  const stop = new AbortController();
  const watching = watchEvents(source.open, { signal: stop.signal }, { ...quick, queueLimit: 10 });
  const next = async () => (await watching.next()).value as WatchedEvent;
  expect(await next()).toEqual({ type: 'relist', reason: 'start' });
  const events = await source.connection(0);
  for (let nano = 1; nano <= 25; nano += 1) events.push(event(nano));
  await eventually(
    async () => events.size,
    (size) => size === 0,
  );
  const rest: WatchedEvent[] = [];
  for (let count = 0; count < 6; count += 1) rest.push(await next());
  stop.abort();
  await watching.return();
  expect(rest[0]).toEqual({ type: 'relist', reason: 'overflow' });
  expect(rest.slice(1).map((watched) => (watched.type === 'event' ? watched.event.timeNano : watched.type))).toEqual(
    [20, 21, 22, 23, 24].map((nano) => event(nano).timeNano),
  );
});

it('closes its connection when the consumer leaves', async () => {
  const source = new Source();
  for await (const watched of watchEvents(source.open, {}, quick)) {
    expect(watched.type).toBe('relist');
    break;
  }
  expect(source.opened[0]?.options.signal?.aborted).toBe(true);
});

it('tries again at once when it is told that the engine may be there', async () => {
  const source = new Source();
  const liveness = new EventTarget();
  const stop = new AbortController();
  source.failures = [lost];
  const timing = { firstDelay: 60_000, longestDelay: 60_000 };
  const watching = watchEvents(source.open, { signal: stop.signal, liveness }, timing);
  expect((await watching.next()).value).toMatchObject({ type: 'lost' });
  const next = watching.next();
  await eventually(
    async () => {
      liveness.dispatchEvent(new Event('alive'));
      return source.opened.length;
    },
    (count) => count === 1,
  );
  expect((await next).value).toMatchObject({ type: 'relist' });
  stop.abort();
  await watching.return();
});
