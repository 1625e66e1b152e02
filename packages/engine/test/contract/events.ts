import { type ContainerChange, readChange, type WatchedEvent, watchContainers, writeChange } from '@drover/engine';
import { expect, it } from 'vitest';
import { eventually, freshName, type GetSubject, withContainer } from './subject.ts';

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

  it('tells what containers are after their events, also over a wire', async () => {
    const { engine } = get();
    const stop = new AbortController();
    const told: ContainerChange[] = [];
    const telling = (async () => {
      for await (const change of watchContainers(engine, { signal: stop.signal }))
        told.push(readChange(writeChange(change)));
    })();
    await eventually(
      async () => told.length,
      (count) => count > 0,
    );
    expect(told[0]).toMatchObject({ type: 'connected', info: { ID: (await engine.system.info()).ID } });
    const lists = () => told.flatMap((change) => (change.type === 'listed' ? [change] : []));
    const lastOf = (id: string) => {
      const list = lists().findLast(({ ids }) => ids?.includes(id));
      return list === undefined ? 'untold' : (list.containers.find(({ Id }) => Id === id)?.State ?? 'gone');
    };
    let container = '';
    await withContainer(get(), 'sleep 300', {}, async (id, name) => {
      container = id;
      await engine.containers.start(id);
      expect(
        await eventually(
          async () => lastOf(id),
          (state) => state === 'running',
        ),
      ).toBe('running');
      const list = lists().findLast(({ ids }) => ids?.includes(id));
      expect(list?.containers.find(({ Id }) => Id === id)?.Names).toEqual([`/${name}`]);
    });
    expect(
      await eventually(
        async () => lastOf(container),
        (state) => state === 'gone',
      ),
    ).toBe('gone');
    const uncovered = async () =>
      told.filter(({ type }) => type === 'event').length - lists().reduce((sum, { covers }) => sum + covers, 0);
    expect(await eventually(uncovered, (count) => count === 0)).toBe(0);
    stop.abort();
    await telling;
  });

  it('tells of a container as ended once its end is told', async () => {
    const { engine } = get();
    const stop = new AbortController();
    const told: ContainerChange[] = [];
    const telling = (async () => {
      for await (const change of watchContainers(engine, { signal: stop.signal })) told.push(change);
    })();
    await eventually(
      async () => told.length,
      (count) => count > 0,
    );
    await withContainer(get(), 'exit 3', {}, async (id) => {
      await engine.containers.start(id);
      const afterEnd = () => {
        const end = told.findIndex(
          (change) => change.type === 'event' && change.event.Action === 'die' && change.event.Actor.ID === id,
        );
        const lists = end < 0 ? [] : told.slice(end).filter((change) => change.type === 'listed');
        return lists.find(({ ids }) => ids?.includes(id))?.containers.find(({ Id }) => Id === id)?.Status;
      };
      const status = await eventually(
        async () => afterEnd(),
        (known) => known !== undefined,
      );
      expect(status).toMatch(/^Exited \(3\)/);
    });
    stop.abort();
    await telling;
  });

  it('tells of stops, kills, restarts, health and renames as the real engine words them', async () => {
    const { engine } = get();
    const label = freshName('label');
    const stop = new AbortController();
    const events = await engine.events.open({
      filters: { type: ['container'], label: [`group=${label}`] },
      signal: stop.signal,
    });
    const body = {
      Labels: { group: label },
      Healthcheck: { Test: ['CMD', 'true'], Interval: 200_000_000 },
    };
    await withContainer(get(), 'sleep 300', body, async (id, name) => {
      await engine.containers.start(id);
      await eventually(
        async () => (await engine.containers.inspect(id)).State.Health?.Status,
        (status) => status === 'healthy',
      );
      await engine.containers.rename(id, `${name}-2`);
      await engine.containers.stop(id, { timeout: 0 });
      await engine.containers.start(id);
      await engine.containers.restart(id, { timeout: 0 });
      await engine.containers.kill(id);
      await engine.containers.wait(id);
    });
    const actions: string[] = [];
    for await (const event of events) {
      // The health checks themselves are exec events, which the fake spares.
      if (!event.Action.startsWith('exec_') && !/^health_status: healthy/.test(event.Action))
        actions.push(event.Action);
      else if (event.Action === 'health_status: healthy' && !actions.includes('healthy')) actions.push('healthy');
      if (event.Action === 'destroy') break;
    }
    stop.abort();
    // Once a stop is over, `die` and `stop` may change places in one engine or the other.
    const inOrder = actions.filter((action) => action !== 'stop' && action !== 'kill');
    expect(inOrder).toEqual([
      'create',
      'start',
      'healthy',
      'rename',
      'die',
      'start',
      'die',
      'start',
      'restart',
      'die',
      'destroy',
    ]);
    expect(actions.filter((action) => action === 'stop')).toHaveLength(2);
    expect(actions.filter((action) => action === 'kill').length).toBeGreaterThanOrEqual(3);
    expect(actions.indexOf('kill')).toBeLessThan(actions.indexOf('die'));
  });

  it('tells of networks and volumes', async () => {
    const { engine } = get();
    const name = freshName('contract');
    const stop = new AbortController();
    const events = await engine.events.open({ filters: { type: ['network', 'volume'] }, signal: stop.signal });
    const { Id } = await engine.networks.create({ Name: name });
    await withContainer(
      get(),
      'sleep 300',
      { HostConfig: { NetworkMode: name, Binds: [`${name}:/data`] } },
      async (container) => {
        await engine.containers.start(container);
        await engine.containers.stop(container, { timeout: 0 });
      },
    );
    await engine.networks.remove(Id);
    await engine.volumes.remove(name);
    const seen: string[] = [];
    for await (const event of events) {
      const mine = event.Actor.ID === name || event.Actor.ID === Id;
      if (mine) seen.push(`${event.Type} ${event.Action}`);
      if (mine && event.Type === 'volume' && event.Action === 'destroy') break;
    }
    stop.abort();
    expect(new Set(seen)).toEqual(
      new Set([
        'network create',
        'volume create',
        'network connect',
        'volume mount',
        'network disconnect',
        'volume unmount',
        'network destroy',
        'volume destroy',
      ]),
    );
    expect(seen[0]).toBe('network create');
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
