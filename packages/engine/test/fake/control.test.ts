import { EngineError } from '@drover/engine';
import { createFakeEngine, type FakeEngine } from '@drover/engine/fake';
import { expect, it } from 'vitest';
import { eventually, textOf } from '../contract/subject.ts';

function engineWithWeb(): FakeEngine {
  const engine = createFakeEngine();
  engine.control.addImage('web', {
    config: { Cmd: ['serve'], Healthcheck: { Test: ['CMD', 'check'] } },
    behaviour: { healthyAfter: 20, logs: ['ready'] },
  });
  return engine;
}

it('runs a service until it is stopped, healthy when its image says', async () => {
  const engine = engineWithWeb();
  const { Id } = await engine.containers.create({ Image: 'web' });
  await engine.containers.start(Id);
  expect((await engine.containers.inspect(Id)).State.Health?.Status).toBe('starting');
  const health = async () => (await engine.containers.inspect(Id)).State.Health?.Status;
  expect(await eventually(health, (status) => status === 'healthy')).toBe('healthy');
  expect(await textOf(engine.containers.logs(Id))).toBe('ready\n');
  await engine.containers.stop(Id);
  expect((await engine.containers.inspect(Id)).State).toMatchObject({ Status: 'exited', ExitCode: 0 });
});

it('takes the behaviour of one container from its labels', async () => {
  const engine = engineWithWeb();
  const { Id } = await engine.containers.create({ Image: 'web', Labels: { 'io.drover.fake.exit-code': '9' } });
  await engine.containers.start(Id);
  expect(await engine.containers.wait(Id)).toMatchObject({ StatusCode: 9 });
});

it('fails the nth call of a kind, before or after its effect', async () => {
  const engine = engineWithWeb();
  engine.control.fail({ call: 'containers.create', nth: 2, code: 'server', reason: 'no space left on device' });
  await engine.containers.create({ Image: 'web' }, { name: 'web-1' });
  await expect(engine.containers.create({ Image: 'web' }, { name: 'web-2' })).rejects.toMatchObject({
    message: 'creating container web-2: no space left on device',
    status: 500,
  });
  expect(await engine.containers.list({ all: true })).toHaveLength(1);
  engine.control.fail({
    call: 'containers.start',
    target: 'web-1',
    code: 'connection-lost',
    reason: 'gone',
    takesEffect: true,
  });
  await expect(engine.containers.start('web-1')).rejects.toBeInstanceOf(EngineError);
  expect((await engine.containers.inspect('web-1')).State.Running).toBe(true);
});

it('loses the connection and gets it back', async () => {
  const engine = engineWithWeb();
  const { Id } = await engine.containers.create({ Image: 'web' });
  await engine.containers.start(Id);
  const waiting = engine.containers.wait(Id);
  const seen: string[] = [];
  const stop = new AbortController();
  const watching = (async () => {
    for await (const watched of engine.events.watch({ filters: { event: ['die'] }, signal: stop.signal })) {
      seen.push(
        watched.type === 'event'
          ? watched.event.Action
          : watched.type === 'relist'
            ? `relist ${watched.reason}`
            : 'lost',
      );
    }
  })();
  await eventually(
    async () => seen.length,
    (length) => length >= 1,
  );
  engine.control.disconnect();
  await expect(waiting).rejects.toMatchObject({ code: 'connection-lost' });
  await expect(engine.containers.list()).rejects.toMatchObject({ code: 'unreachable' });
  engine.control.reconnect();
  engine.control.exitContainer(Id, 1);
  await eventually(
    async () => seen.length,
    (length) => length >= 3,
  );
  stop.abort();
  await watching;
  expect(seen.slice(0, 3)).toEqual(['relist start', 'lost', 'relist reconnected']);
});

it('counts calls and how many ran at once, and takes the time it is told', async () => {
  const engine = engineWithWeb();
  engine.control.setLatency({ 'containers.create': 30 });
  const started = performance.now();
  await Promise.all(Array.from({ length: 10 }, () => engine.containers.create({ Image: 'web' })));
  expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  expect(engine.control.calls).toHaveLength(10);
  expect(engine.control.maxInFlight).toBe(10);
});

it('keeps up with thousands of containers', async () => {
  const engine = engineWithWeb();
  await engine.networks.create({ Name: 'net' });
  const before = process.cpuUsage();
  for (let index = 0; index < 3000; index += 1) {
    const { Id } = await engine.containers.create(
      {
        Image: 'web',
        Labels: { job: String(index % 3) },
        HostConfig: { NetworkMode: 'net', Binds: [`data-${index}:/data`] },
      },
      { name: `web-${index}` },
    );
    await engine.containers.start(Id);
  }
  expect(await engine.containers.list({ filters: { label: ['job=1'] } })).toHaveLength(1000);
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
}, 30_000);
