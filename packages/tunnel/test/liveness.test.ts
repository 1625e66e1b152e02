import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openPair, serveSockets, until } from './tunnel-pair.ts';

const life = { pingMs: 40, silentMs: 160 };

it('finds out on both sides that the other one has vanished, within its time', async () => {
  await using pair = await openPair(life);
  await sleep(300);
  pair.proxy.cut();
  const started = performance.now();
  expect(await pair.tunnel.closed).toMatch(/^nothing was heard from the agent for 0\.\d s$/);
  expect(await pair.served.closed).toMatchObject({
    reason: 'silent',
    message: expect.stringMatching(/^nothing was heard from the server for 0\.\d s$/),
  });
  // The silence that is borne and at most one ping, with room for a busy machine.
  expect(performance.now() - started).toBeLessThan(600);
  expect(pair.serverSocket.destroyed).toBe(true);
  expect(pair.agentSocket.destroyed).toBe(true);
});

it('ends dialing and streams under way when the other side vanishes', async () => {
  await using engine = await serveSockets((socket) => {
    socket.write('begin');
    socket.resume().on('end', () => socket.destroy());
  });
  await using pair = await openPair({ ...life, docker: engine.dialer });
  const stream = await pair.tunnel.dialer();
  await once(stream, 'data');
  pair.proxy.cut();
  const broken = once(stream, 'error');
  await expect(pair.tunnel.dialer()).rejects.toMatchObject({
    message: expect.stringContaining('nothing was heard from the agent'),
  });
  expect(String((await broken)[0])).toContain('nothing was heard from the agent');
  await until(() => engine.connections.every(({ destroyed }) => destroyed));
});

it('knows when the agent was last heard', async () => {
  await using pair = await openPair(life);
  await sleep(200);
  expect(Date.now() - pair.tunnel.lastHeardAt).toBeLessThan(100);
  pair.proxy.cut();
  await sleep(120);
  expect(Date.now() - pair.tunnel.lastHeardAt).toBeGreaterThan(70);
});

it('does not take a long transfer for silence, though pings wait behind it', async () => {
  const block = Buffer.alloc(1024 * 1024);
  await using engine = await serveSockets((socket) => {
    socket.write(block);
    socket.on('drain', () => socket.write(block));
  });
  await using pair = await openPair({ ...life, docker: engine.dialer });
  const stream = await pair.tunnel.dialer();
  stream.resume();
  await sleep(800);
  expect(stream.destroyed).toBe(false);
  stream.destroy();
});

it('does not blame the other side for a pause of its own', async () => {
  await using pair = await openPair(life);
  const end = performance.now() + 500;
  while (performance.now() < end);
  await sleep(200);
  expect((await pair.tunnel.request('GET', '/v1/nothing')).status).toBe(404);
});
