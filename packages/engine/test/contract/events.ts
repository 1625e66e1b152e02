import type { WatchedEvent } from '@drover/engine';
import { expect, it } from 'vitest';
import { freshName, type GetSubject, withContainer } from './subject.ts';

/** Events, as a watcher sees them. */
export function eventContract(get: GetSubject): void {
  it('tells to list first, then what happens, in order', async () => {
    const { engine } = get();
    const label = freshName('label');
    const stop = new AbortController();
    const seen: WatchedEvent[] = [];
    let ready = () => {};
    const listening = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const watching = (async () => {
      for await (const watched of engine.events.watch({
        filters: { type: ['container'], label: [`group=${label}`] },
        signal: stop.signal,
      })) {
        seen.push(watched);
        ready();
        if (watched.type === 'event' && watched.event.Action === 'destroy') stop.abort();
      }
    })();
    await listening;
    let container = '';
    await withContainer(get(), 'exit 3', { Labels: { group: label } }, async (id, name) => {
      container = id;
      await engine.containers.start(id);
      await engine.containers.wait(id);
      expect(name).not.toBe('');
    });
    await watching;
    expect(seen[0]).toEqual({ type: 'relist', reason: 'start' });
    const events = seen.flatMap((watched) => (watched.type === 'event' ? [watched.event] : []));
    expect(events.map((event) => event.Action)).toEqual(['create', 'start', 'die', 'destroy']);
    for (const event of events) expect(event).toMatchObject({ Type: 'container', Actor: { ID: container } });
    expect(events[2]?.Actor.Attributes).toMatchObject({ exitCode: '3', group: label });
    expect(events.map((event) => BigInt(event.timeNano))).toEqual(
      [...events.map((event) => BigInt(event.timeNano))].sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  it('replays from a moment on', async () => {
    const { engine } = get();
    const label = freshName('label');
    const since = String(Math.floor(Date.now() / 1000) - 1);
    await withContainer(get(), 'true', { Labels: { group: label } }, async () => {});
    const stop = new AbortController();
    const actions: string[] = [];
    const events = await engine.events.open({
      filters: { type: ['container'], label: [`group=${label}`] },
      since,
      signal: stop.signal,
    });
    for await (const event of events) {
      actions.push(event.Action);
      if (event.Action === 'destroy') break;
    }
    stop.abort();
    expect(actions).toEqual(['create', 'destroy']);
  });
}
