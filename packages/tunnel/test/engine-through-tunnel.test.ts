import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine, type Engine, unixDialer } from '@drover/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveContract } from '../../engine/test/contract/archives.ts';
import { eventContract } from '../../engine/test/contract/events.ts';
import { execContract } from '../../engine/test/contract/exec.ts';
import { outputContract } from '../../engine/test/contract/output.ts';
import { withContainer } from '../../engine/test/contract/subject.ts';
import { type FakeEngineSocket, serveFakeEngine } from './fake-engine-socket.ts';
import { openPair, type TunnelPair, until } from './tunnel-pair.ts';

let fake: FakeEngineSocket;
let pair: TunnelPair;
let engine: Engine;

beforeAll(async () => {
  fake = await serveFakeEngine({ keepAliveMs: 200 });
  fake.engine.control.addImage('busybox', { config: { Cmd: ['sh'] } });
  pair = await openPair({ docker: unixDialer(fake.path) });
  engine = createEngine({ dialer: pair.tunnel.dialer });
});

afterAll(async () => {
  engine?.close();
  await pair?.[Symbol.asyncDispose]();
  await fake?.[Symbol.asyncDispose]();
});

const subject = () => ({ engine, image: 'busybox', pullable: null });

describe('the Engine client through a tunnel', () => {
  describe('exec and attach', () => execContract(subject));
  describe('output', () => outputContract(subject));
  describe('archives', () => archiveContract(subject));
  describe('events', () => eventContract(subject));

  it('frees the connection to the engine when a call is cancelled', async () => {
    await withContainer(subject(), 'sleep 300', {}, async (id) => {
      await engine.containers.start(id);
      engine.close();
      await until(() => fake.open() === 0);
      const cancel = new AbortController();
      const waiting = engine.containers.wait(id, { signal: cancel.signal });
      await until(() => fake.open() === 1);
      await sleep(20);
      cancel.abort();
      await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
      await until(() => fake.open() === 0);
    });
  });

  it('uses a kept connection again, and none that the engine has ended', async () => {
    engine.close();
    await until(() => fake.open() === 0);
    for (let count = 0; count < 5; count += 1) await engine.system.ping();
    expect(fake.open()).toBe(1);
    await until(() => fake.open() === 0);
    await engine.system.ping();
  });
});
