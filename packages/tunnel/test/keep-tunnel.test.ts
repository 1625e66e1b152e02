import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { acceptTunnel, keepTunnel, refuseTunnel, type Tunnel, type TunnelState } from '@drover/tunnel';
import { expect, it } from 'vitest';
import { reconnectDelay } from '../src/reconnect-delay.ts';
import { answerer, noEngine, until } from './tunnel-pair.ts';

it('waits up to twice as long after each attempt, up to 15 s, and spreads agents over all of it', () => {
  const longest = Array.from({ length: 8 }, (_, attempt) => reconnectDelay(attempt, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  expect(reconnectDelay(3, () => 0)).toBe(0);
  expect(reconnectDelay(3, () => 0.5)).toBe(2000);
  expect(reconnectDelay(1_000_000, () => 1)).toBe(15_000);
});

/** A server that can go away and come back on the same port. */
class ComingAndGoing {
  readonly tunnels: Tunnel[] = [];
  refuse = false;
  #server: Server | undefined;
  #port = 0;
  readonly #sockets: Socket[] = [];

  async come(): Promise<number> {
    this.#server = createServer((socket) => {
      this.#sockets.push(socket);
      if (this.refuse) void refuseTunnel(socket, { reason: 'removed', message: 'this host was removed' });
      else
        acceptTunnel(socket).then(
          (tunnel) => this.tunnels.push(tunnel),
          () => {},
        );
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  async go(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
    await once(this.#server!, 'close');
  }
}

it('finds a server again that was away, says how things stand, and ends with its signal', async () => {
  const server = new ComingAndGoing();
  const port = await server.come();
  const states: TunnelState[] = [];
  const end = new AbortController();
  const kept = keepTunnel({
    docker: noEngine,
    answer: answerer({}),
    dial: async () => {
      const socket = connect({ port, host: '127.0.0.1' });
      await once(socket, 'connect');
      return socket;
    },
    onState: (state) => states.push(state),
    signal: end.signal,
    random: () => 0.02,
  });
  await until(() => server.tunnels.length === 1 && states.at(-1)?.type === 'connected');
  await server.go();
  await until(() => states.filter(({ type }) => type === 'waiting').length > 5);
  const waits = states.filter((state) => state.type === 'waiting');
  expect(waits.slice(0, 5).map(({ retryInMs }) => retryInMs)).toEqual([10, 20, 40, 80, 160]);
  expect(waits[1]?.because).toMatchObject({ reason: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });
  await server.come();
  await until(() => server.tunnels.length === 2 && states.at(-1)?.type === 'connected');
  expect((await server.tunnels[1]!.request('GET', '/v1/nothing')).status).toBe(404);

  server.refuse = true;
  server.tunnels[1]?.close('the server stops');
  await until(() => states.some((state) => state.type === 'waiting' && state.because.reason === 'removed'));
  end.abort();
  await kept;
  await server.go();
});
