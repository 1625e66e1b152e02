import type { EngineEvent, TaskOutputLine } from '@drover/engine';
import { expect, it } from 'vitest';
import { freshName } from '../subject.ts';
import { type GetSwarm, inState, serviceOf, until, withService } from './subject.ts';

async function read(lines: AsyncIterable<TaskOutputLine>): Promise<readonly TaskOutputLine[]> {
  const all: TaskOutputLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** Logs of services and tasks, and events. */
export function swarmOutputContract(get: GetSwarm): void {
  it('tells of each line which task wrote it, on which stream and when', async () => {
    const subject = get();
    const { manager } = subject;
    const spec = serviceOf(subject, 'echo one; echo two >&2; echo three; sleep 300', {
      Mode: { Replicated: { Replicas: 2 } },
    });
    await withService(subject, spec, async (name, id) => {
      const tasks = await until(
        () => inState(subject, name, 'running'),
        (running) => running.length === 2,
      );
      const lines = await until(
        () => read(manager.services.logs(name)),
        (all) => all.length === 6,
      );
      for (const task of tasks) {
        const own = lines.filter(({ taskId }) => taskId === task.ID);
        expect(own.map(({ stream, text }) => [stream, text]).sort()).toEqual([
          ['stderr', 'two'],
          ['stdout', 'one'],
          ['stdout', 'three'],
        ]);
        for (const line of own) {
          expect(line).toMatchObject({ nodeId: task.NodeID, serviceId: id });
          expect(Date.parse(line.time)).toBeGreaterThan(Date.now() - 600_000);
        }
        const of = await read(manager.tasks.logs(task.ID, { stderr: false }));
        expect(of.map(({ text }) => text)).toEqual(['one', 'three']);
      }
      expect(await read(manager.services.logs(name, { tail: 1 }))).toHaveLength(2);
      expect(await read(manager.services.logs(name, { since: Math.ceil(Date.now() / 1000) + 60 }))).toEqual([]);
    });
    await expect(read(manager.services.logs(freshName('none')))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('follows, also what comes later, until the signal', async () => {
    const subject = get();
    await withService(subject, serviceOf(subject, 'echo first; sleep 1; echo second; sleep 300'), async (name) => {
      const stop = new AbortController();
      const seen: string[] = [];
      const reading = (async () => {
        for await (const { text } of subject.manager.services.logs(name, { follow: true, signal: stop.signal })) {
          seen.push(text);
          if (text === 'second') stop.abort();
        }
      })();
      await expect(reading).rejects.toMatchObject({ code: 'aborted' });
      expect(seen).toEqual(['first', 'second']);
    });
  });

  it('tells of services, secrets and configs through the one watch', async () => {
    const subject = get();
    const { manager } = subject;
    const Name = freshName('contract');
    const stop = new AbortController();
    const events: EngineEvent[] = [];
    const types = ['service', 'secret', 'config'] as const;
    let listening = () => {};
    const ready = new Promise<void>((resolve) => {
      listening = resolve;
    });
    const watching = (async () => {
      for await (const watched of manager.events.watch({ filters: { type: types }, signal: stop.signal })) {
        if (watched.type === 'event') events.push(watched.event);
        else listening();
      }
    })();
    await ready;
    const data = Buffer.from('x').toString('base64');
    // An engine answers a moment before it listens.
    await until(
      async () => {
        const probe = await manager.secrets.create({ Name: freshName('probe'), Data: data });
        await manager.secrets.remove(probe);
      },
      () => events.length > 0,
    );
    const secret = await manager.secrets.create({ Name, Data: data });
    await manager.secrets.remove(secret);
    const config = await manager.configs.create({ Name, Data: data });
    await manager.configs.remove(config);
    const spec = serviceOf(subject, 'sleep 300', { Name, Mode: { Replicated: { Replicas: 0 } } });
    await withService(subject, spec, async (_, id) => {
      const { Version, Spec } = await manager.services.inspect(id);
      await manager.services.update(id, Version.Index, { ...Spec, Labels: { a: 'b' } });
    });
    const own = () => events.filter(({ Actor }) => Actor.Attributes.name === Name);
    await until(
      async () => own().map(({ Type, Action }) => `${Type} ${Action}`),
      (seen) => seen.includes('service remove'),
    );
    stop.abort();
    await watching;
    expect(own().map(({ Type, Action, scope }) => `${scope} ${Type} ${Action}`)).toEqual([
      'swarm secret create',
      'swarm secret remove',
      'swarm config create',
      'swarm config remove',
      'swarm service create',
      'swarm service update',
      'swarm service remove',
    ]);
  });
}
