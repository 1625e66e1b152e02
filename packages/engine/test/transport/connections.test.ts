import { connect } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { createEngine, unixDialer } from '@drover/engine';
import { expect, it } from 'vitest';
import { eventually } from '../contract/subject.ts';
import { answerJson, startTestServer } from './test-server.ts';

it('uses one connection for calls that follow each other', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, []);
  for (let call = 0; call < 20; call += 1) await server.engine.containers.list();
  expect(server.connections).toHaveLength(1);
  expect(server.pings).toBe(1);
});

it('uses as many connections as calls run at once and keeps at most sixteen of them', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => void setTimeout(() => answerJson(response, []), 30);
  await Promise.all(Array.from({ length: 40 }, () => server.engine.containers.list()));
  const opened = server.connections.length;
  expect(opened).toBeGreaterThanOrEqual(40);
  const alive = async () => server.connections.filter((connection) => !connection.destroyed).length;
  expect(await eventually(alive, (count) => count <= 16)).toBe(16);
  await Promise.all(Array.from({ length: 16 }, () => server.engine.containers.list()));
  expect(server.connections).toHaveLength(opened);
});

it('notices that the engine closed an idle connection', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, []);
  await server.engine.containers.list();
  server.connections[0]?.end();
  await eventually(
    async () => server.connections[0]?.destroyed,
    (destroyed) => destroyed === true,
  );
  await server.engine.containers.kill('web');
  expect(server.connections).toHaveLength(2);
});

it('repeats a read whose reused connection turned out to be closed, on a new one', async () => {
  await using server = await startTestServer();
  let reads = 0;
  server.onRequest = (request, response) => {
    reads += 1;
    if (reads === 2) request.socket.destroy();
    else answerJson(response, []);
  };
  await server.engine.containers.list();
  await server.engine.containers.list();
  expect(reads).toBe(3);
  expect(server.connections).toHaveLength(2);
});

it('never repeats what changes something', async () => {
  await using server = await startTestServer();
  server.onRequest = (request, response) =>
    request.method === 'GET' ? answerJson(response, []) : request.socket.destroy();
  await server.engine.containers.list();
  await expect(server.engine.containers.start('web')).rejects.toMatchObject({ code: 'connection-lost', status: null });
  await expect(server.engine.containers.remove('web')).rejects.toMatchObject({ code: 'connection-lost' });
  expect(server.requests.slice(1)).toEqual(['POST /v1.47/containers/web/start', 'DELETE /v1.47/containers/web']);
});

it('does not repeat a read that failed on a fresh connection', async () => {
  await using server = await startTestServer();
  await server.engine.apiVersion();
  server.engine.close();
  server.onRequest = (request) => request.socket.destroy();
  await expect(server.engine.containers.list()).rejects.toMatchObject({ code: 'connection-lost' });
  expect(server.requests).toHaveLength(1);
});

it('works over a stream that is no socket, and reuses it', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, []);
  let dialed = 0;
  const tunnel = async (): Promise<Duplex> => {
    dialed += 1;
    const [near, far] = duplexPair();
    const socket = connect(server.path);
    far.pipe(socket).pipe(far);
    return near;
  };
  const engine = createEngine({ dialer: tunnel });
  for (let call = 0; call < 5; call += 1) await engine.containers.list();
  expect(dialed).toBe(1);
  engine.close();
});

it('does not keep the program alive with idle connections', async () => {
  await using server = await startTestServer();
  const refs: string[] = [];
  const engine = createEngine({
    dialer: async (signal) => {
      const socket = (await unixDialer(server.path)(signal)) as ReturnType<typeof connect>;
      const { ref, unref } = socket;
      socket.ref = () => {
        refs.push('ref');
        return ref.call(socket);
      };
      socket.unref = () => {
        refs.push('unref');
        return unref.call(socket);
      };
      return socket;
    },
  });
  await engine.system.ping();
  const last = async () => refs.at(-1);
  expect(await eventually(last, (ref) => ref === 'unref')).toBe('unref');
  engine.close();
});

it('says in words why no connection can be made', async () => {
  const engine = createEngine({ dialer: unixDialer('/nowhere/docker.sock') });
  await expect(engine.containers.list()).rejects.toMatchObject({
    code: 'unreachable',
    status: null,
    message:
      'asking the engine for its version: no engine answers on the socket /nowhere/docker.sock: the file does not exist',
  });
});

it('hands the signal to the dialer and ends with it', async () => {
  let dialSignal: AbortSignal | undefined;
  const engine = createEngine({
    apiVersion: '1.47' as never,
    dialer: (signal) => {
      dialSignal = signal;
      return new Promise(() => {});
    },
  });
  await expect(engine.containers.list({ signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
    code: 'aborted',
    message: 'listing containers: it took too long',
  });
  expect(dialSignal?.aborted).toBe(true);
});
