import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTunnelError, refuseTunnel, serveTunnel } from '@drover/tunnel';
import { expect, it } from 'vitest';
import { mostStreams, windowBytes } from '../src/session-options.ts';
import { answerer, noEngine, openPair, serveSockets, testHello, textOf, until } from './tunnel-pair.ts';

it('asks for the hello, welcomes, and ends with the reason on both sides', async () => {
  await using pair = await openPair();
  expect(pair.tunnel.hello).toEqual(testHello);
  expect(pair.tunnel.protocol).toBe(1);
  await pair.served.opened;
  pair.tunnel.close({ reason: 'removed', message: 'this host was removed' });
  expect(await pair.tunnel.closed).toBe('this host was removed');
  expect(await pair.served.closed).toEqual({ reason: 'removed', message: 'this host was removed' });
  await expect(pair.tunnel.dialer()).rejects.toMatchObject({
    code: 'closed',
    message: 'connecting to the engine of n1: this host was removed',
  });
});

it('tells the server why the agent ends it', async () => {
  await using pair = await openPair();
  pair.served.close('the agent is being upgraded');
  expect(await pair.tunnel.closed).toBe('the agent is being upgraded');
});

it.each([[[2, 3], 'newer', 'bring the server up to date first']] as const)(
  'refuses an agent that speaks %s, and tells it',
  async (protocols, word, advice) => {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const agentSocket = connect({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1' });
    const [serverSocket] = (await once(listener, 'connection')) as [Socket];
    listener.close();
    const hello = { ...testHello, software: '9.0.0', protocols };
    const served = serveTunnel(agentSocket, { docker: noEngine, answer: answerer({ hello }) });
    const { acceptTunnel } = await import('@drover/tunnel');
    const failure = await acceptTunnel(serverSocket).catch((error: unknown) => error as Error);
    expect(isTunnelError(failure, 'protocol')).toBe(true);
    expect((failure as Error).message).toBe(
      `opening a tunnel: the agent of n1 (9.0.0) is ${word} than this server can talk to: it speaks versions 2 to 3 of the protocol, the server 1 to 1; ${advice}`,
    );
    expect(await served.closed).toEqual({ reason: 'protocol', message: (failure as Error).message });
  },
);

it('refuses a hello that makes no sense', async () => {
  await expect(openPair({ hello: { ...testHello, hostname: 'a\u001b[2Jb' } })).rejects.toMatchObject({
    code: 'message',
    message: `reading the agent's hello: "hostname" has control characters`,
  });
});

it('tells an agent that gets no tunnel why', async () => {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const agentSocket = connect({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1' });
  const [serverSocket] = (await once(listener, 'connection')) as [Socket];
  listener.close();
  const served = serveTunnel(agentSocket, { docker: noEngine, answer: answerer({}) });
  const refusal = { reason: 'duplicate-identity', message: "another machine uses this host's identity" };
  await refuseTunnel(serverSocket, refusal);
  expect(await served.closed).toEqual(refusal);
});

it('says why the engine cannot be reached, and stands', async () => {
  await using pair = await openPair();
  await expect(pair.tunnel.dialer()).rejects.toMatchObject({
    code: 'unreachable',
    message: 'connecting to the engine of n1: no engine answers on the socket /var/run/docker.sock',
  });
  expect((await pair.tunnel.request('GET', '/v1/nothing')).status).toBe(404);
});

it('opens an answer that goes on, until either side has enough', async () => {
  let given: AbortSignal | undefined;
  let failing = false;
  await using pair = await openPair({
    answer: async ({ path, signal }) => {
      if (path === '/v1/none') return { status: 404, body: { reason: 'path', message: 'there is no such path' } };
      if (path === '/v1/refused') return { status: 403, body: { reason: 'not-now', message: 'the engine is stopped' } };
      given = signal;
      const stream = (async function* () {
        yield 'first\n';
        if (failing) throw new Error('it broke');
        yield 'second\n';
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      })();
      return { status: 200, stream };
    },
  });
  const leave = new AbortController();
  const stream = await pair.tunnel.open('/v1/lines', leave.signal);
  let got = '';
  stream?.on('data', (part) => {
    got += part;
  });
  stream?.on('error', () => {});
  await until(() => got === 'first\nsecond\n');
  leave.abort();
  await until(() => given?.aborted === true);
  failing = true;
  const broken = await pair.tunnel.open('/v1/lines');
  await expect(textOf(broken as Duplex)).rejects.toThrow();
  expect(await pair.tunnel.open('/v1/none')).toBeUndefined();
  await expect(pair.tunnel.open('/v1/refused')).rejects.toMatchObject({
    code: 'refused',
    message: 'asking the agent for /v1/refused: the engine is stopped',
  });
  pair.tunnel.close('the test ends it');
  await expect(pair.tunnel.open('/v1/lines')).rejects.toMatchObject({ code: 'closed' });
});

it('connects to the engine only', async () => {
  await using engine = await serveSockets((socket) => socket.end('hello'));
  await using pair = await openPair({ docker: engine.dialer });
  const { connect: connectHttp2 } = await import('node:http2');
  expect(await textOf(await pair.tunnel.dialer())).toBe('hello');
  // A second agent side, asked for another target by hand.
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const agentSocket = connect({ port, host: '127.0.0.1' });
  const [serverSocket] = (await once(listener, 'connection')) as [Socket];
  listener.close();
  const served = serveTunnel(agentSocket, { docker: engine.dialer, answer: answerer({}) });
  const session = connectHttp2('https://agent', { createConnection: () => serverSocket });
  const before = engine.connections.length;
  for (const target of ['127.0.0.1:22', 'DOCKER', 'tcp']) {
    const stream = session.request({ ':method': 'CONNECT', ':authority': target });
    const [headers] = (await once(stream, 'response')) as [{ ':status': number }];
    stream.end();
    expect([target, headers[':status'], JSON.parse(await textOf(stream)).reason]).toEqual([target, 403, 'target']);
  }
  expect(engine.connections.length).toBe(before);
  expect(session.remoteSettings).toMatchObject({
    maxConcurrentStreams: 2 * mostStreams,
    initialWindowSize: windowBytes,
    enablePush: false,
  });
  session.destroy();
  await served.closed;
});

it('closes each half by itself, in either order', async () => {
  await using engine = await serveSockets((socket) => {
    void textOf(socket).then((heard) => socket.end(`heard ${heard}`));
  });
  await using pair = await openPair({ docker: engine.dialer });
  const stream = await pair.tunnel.dialer();
  stream.end('a question');
  expect(await textOf(stream)).toBe('heard a question');

  let got = '';
  await using talker = await serveSockets((socket) => {
    socket.end('first');
    socket.on('data', (data: Buffer) => {
      got += data;
    });
  });
  await using second = await openPair({
    // An engine's connection that stays writable after its end, as a hijacked one is.
    docker: async () => {
      const { port } = talker.connections.length >= 0 ? { port: await portOf(talker) } : { port: 0 };
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      await once(socket, 'connect');
      return socket;
    },
  });
  const late = await second.tunnel.dialer();
  late.resume();
  await once(late, 'end');
  expect(late.writable).toBe(true);
  late.end('afterwards');
  await once(late, 'close');
  await until(() => got === 'afterwards');
});

async function portOf(server: { readonly dialer: () => Promise<unknown> }): Promise<number> {
  const probe = (await server.dialer()) as Socket;
  const port = probe.remotePort ?? 0;
  probe.destroy();
  return port;
}

it('ends the stream when the engine goes, and the engine connection when the stream is cancelled', async () => {
  await using engine = await serveSockets((socket) => {
    socket.write('begin');
    // As an engine whose client has gone.
    socket.resume().on('end', () => setTimeout(() => socket.destroy(), 20));
  });
  await using pair = await openPair({ docker: engine.dialer });
  const lost = await pair.tunnel.dialer();
  await once(lost, 'data');
  const broken = once(lost, 'error');
  engine.connections[0]?.resetAndDestroy();
  expect(((await broken)[0] as Error).message).toContain('NGHTTP2_CONNECT_ERROR');

  const cancelled = await pair.tunnel.dialer();
  await once(cancelled, 'data');
  const gone = once(engine.connections[1]!, 'close');
  cancelled.destroy();
  await gone;

  const ended = await pair.tunnel.dialer();
  ended.resume();
  const closed = once(ended, 'close');
  engine.connections[2]?.destroy();
  await closed;
});

it('gives up dialing with its signal, and the engine connection with it', async () => {
  let engineSignal: AbortSignal | undefined;
  const late = Promise.withResolvers<Socket>();
  await using pair = await openPair({
    docker: (signal) => {
      engineSignal = signal;
      return late.promise;
    },
  });
  const cancel = new AbortController();
  const dialing = pair.tunnel.dialer(cancel.signal);
  await until(() => engineSignal !== undefined);
  cancel.abort(new Error('enough'));
  await expect(dialing).rejects.toThrow('enough');
  await until(() => engineSignal?.aborted === true);
  await using engine = await serveSockets(() => {});
  const socket = (await engine.dialer()) as Socket;
  late.resolve(socket);
  await until(() => socket.destroyed);
  await expect(pair.tunnel.dialer(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});

it('asks the agent, bounds its answer and waits no longer than said', async () => {
  let given: unknown;
  let gaveUp = false;
  await using pair = await openPair({
    answer: async (request) => {
      if (request.path === '/large') return { status: 200, body: 'x'.repeat(300_000) };
      if (request.path === '/never')
        return new Promise((resolve) =>
          request.signal.addEventListener('abort', () => {
            gaveUp = true;
            resolve({ status: 200 });
          }),
        );
      if (request.path === '/broken') throw new Error('the disk is full');
      given = await request.json();
      return { status: 200, body: { heard: given } };
    },
  });
  const { tunnel } = pair;
  expect(await tunnel.request('PUT', '/x', { body: { a: 1 } })).toEqual({ status: 200, body: { heard: { a: 1 } } });
  await expect(tunnel.request('GET', '/large')).rejects.toMatchObject({ code: 'message' });
  await expect(tunnel.request('GET', '/never', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  await until(() => gaveUp);
  expect(await tunnel.request('GET', '/broken')).toEqual({
    status: 500,
    body: { reason: 'internal', message: 'the disk is full' },
  });
  expect(await tunnel.request('PUT', '/x', { body: 'y'.repeat(300_000) })).toMatchObject({
    status: 400,
    body: { reason: 'message' },
  });
  const cancel = AbortSignal.timeout(30);
  await expect(tunnel.request('GET', '/never', { signal: cancel })).rejects.toMatchObject({ code: 'aborted' });
});

it('ends requests and dialing under way with the reason when the tunnel ends', async () => {
  await using pair = await openPair({ answer: () => new Promise(() => {}), docker: () => new Promise(() => {}) });
  const asked = pair.tunnel.request('GET', '/never');
  const dialed = pair.tunnel.dialer();
  await sleep(20);
  pair.tunnel.close('the server stops');
  await expect(asked).rejects.toMatchObject({ code: 'closed', message: expect.stringContaining('the server stops') });
  await expect(dialed).rejects.toMatchObject({ code: 'closed', message: expect.stringContaining('the server stops') });
});
