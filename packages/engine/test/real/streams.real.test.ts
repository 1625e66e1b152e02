import { createEngine, dialerFor, type Engine, readOutputLines, type WatchedEvent } from '@drover/engine';
import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, textOf, withContainer } from '../contract/subject.ts';

const editions: readonly EngineName[] = ['20.10', '28'];

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({ hosts: editions.map((engine) => ({ engine })), images: ['busybox'] });
});

afterAll(async () => {
  await lab?.down();
});

for (const [index, edition] of editions.entries()) {
  describe(`Docker Engine ${edition}`, () => {
    let engine: Engine;
    const subject = () => ({ engine, image: 'busybox', pullable: null });

    beforeAll(async () => {
      engine = createEngine({ dialer: dialerFor(lab.hosts[index]!.dockerHost) });
      for await (const _ of engine.images.pull('busybox'));
    });

    afterAll(() => engine.close());

    it('gives a command a terminal that can be resized', async () => {
      await withContainer(subject(), 'sleep 300', {}, async (container) => {
        await engine.containers.start(container);
        const exec = await engine.exec.create(container, {
          Cmd: ['sh'],
          Tty: true,
          AttachStdin: true,
          AttachStdout: true,
          AttachStderr: true,
        });
        const shell = await engine.exec.start(exec, { tty: true });
        expect(shell.tty).toBe(true);
        await engine.exec.resize(exec, { columns: 101, rows: 37 });
        shell.input.write('stty size; echo $((40+2)); exit 5\n');
        expect(await textOf(shell.output)).toMatch(/37 101\r\n42\r\n/);
        expect((await engine.exec.inspect(exec)).ExitCode).toBe(5);
      });
    });

    it('attaches to a container with a terminal, and reads its log raw', async () => {
      const body = { Tty: true, OpenStdin: true, AttachStdin: true, AttachStdout: true };
      await withContainer(subject(), 'read line; echo "got $line" >&2; exit 3', body, async (container) => {
        const stream = await engine.containers.attach(container, { stdin: true });
        expect(stream.tty).toBe(true);
        await engine.containers.start(container);
        await engine.containers.resize(container, { columns: 90, rows: 20 });
        stream.input.write('typed\n');
        expect(await textOf(stream.output)).toContain('got typed\r\n');
        expect((await engine.containers.wait(container)).StatusCode).toBe(3);
        expect(await textOf(engine.containers.logs(container))).toContain('got typed\r\n');
      });
    });

    it('reads a long log whole and in order', async () => {
      await withContainer(subject(), 'seq 1 200000', {}, async (container) => {
        await engine.containers.start(container);
        let next = 1;
        for await (const line of readOutputLines(engine.containers.logs(container, { follow: true }))) {
          if (line.text !== String(next)) throw new Error(`line ${next} is ${line.text}`);
          next += 1;
        }
        expect(next).toBe(200_001);
      });
    });

    it('runs many calls at once', async () => {
      const created = await Promise.all(
        Array.from({ length: 20 }, () =>
          engine.containers.create({ Image: 'busybox', Cmd: ['sleep', '300'], Labels: { many: 'yes' } }),
        ),
      );
      await Promise.all(created.map(({ Id }) => engine.containers.start(Id)));
      expect(await engine.containers.list({ filters: { label: ['many=yes'] } })).toHaveLength(20);
      await Promise.all(created.map(({ Id }) => engine.containers.remove(Id, { force: true })));
      expect(await engine.containers.list({ all: true, filters: { label: ['many=yes'] } })).toHaveLength(0);
    });

    it('tells a watcher when the engine goes away and comes back, and callers what became of their call', async () => {
      const host = lab.hosts[index]!;
      const stop = new AbortController();
      const seen: WatchedEvent[] = [];
      const watching = (async () => {
        for await (const watched of engine.events.watch({ filters: { type: ['container'] }, signal: stop.signal }))
          seen.push(watched);
      })();
      const { Id } = await engine.containers.create({ Image: 'busybox', Cmd: ['sleep', '300'] });
      await engine.containers.start(Id);
      await eventually(
        async () => seen.length,
        (length) => length >= 2,
      );
      const waiting = expect(engine.containers.wait(Id)).rejects.toMatchObject({ code: 'connection-lost' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      await host.kill();
      await waiting;
      await expect(engine.containers.list()).rejects.toMatchObject({ code: 'unreachable' });
      await host.start();
      await eventually(
        async () => seen.filter((watched) => watched.type === 'relist').length,
        (count) => count === 2,
      );
      expect((await engine.containers.inspect(Id)).State.Running).toBe(false);
      await engine.containers.remove(Id);
      await eventually(
        async () => seen.some((watched) => watched.type === 'event' && watched.event.Action === 'destroy'),
        (found) => found,
      );
      stop.abort();
      await watching;
      const kinds = seen.map((watched) =>
        watched.type === 'event' ? watched.event.Action : watched.type === 'relist' ? watched.reason : 'lost',
      );
      expect(kinds[0]).toBe('start');
      expect(kinds.filter((kind) => kind === 'lost')).toHaveLength(1);
      expect(kinds.indexOf('reconnected')).toBeGreaterThan(kinds.indexOf('lost'));
      expect(kinds.at(-1)).toBe('destroy');
    });
  });
}
