import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ApiError, UnreachableError } from '../../src/client/api-error.ts';
import { createClient } from '../../src/client/client.ts';
import { HttpLink } from '../../src/client/link.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A client whose server answers with `listener`. */
async function clientOf(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const link = await HttpLink.open({ url: new URL(`http://127.0.0.1:${port}`), token: 'secret' });
  closers.push(() => {
    link.close();
    server.closeAllConnections();
    server.close();
  });
  return { client: createClient(link), server };
}

test('a call carries its token and gives back the answer', async () => {
  const { client } = await clientOf((request, response) => {
    expect(request.headers.authorization).toBe('Bearer secret');
    expect(`${request.method} ${request.url}`).toBe('GET /api/stacks');
    response.setHeader('content-type', 'application/json');
    response.end('[{"name":"shop"}]');
  });
  expect(await client.stacks.list()).toEqual([{ name: 'shop' }]);
});

test('a refusal carries its reason and its places', async () => {
  const { client } = await clientOf((_, response) => {
    response.statusCode = 409;
    response.end(
      JSON.stringify({
        defined: true,
        code: 'CONFLICT',
        status: 409,
        message: 'a deployment is running',
        data: { reason: 'busy' },
      }),
    );
  });
  const error = await client.stacks.deploy({ name: 'shop' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ message: 'a deployment is running', status: 409, reason: 'busy' });
});

test('a page of a proxy is told by its status alone', async () => {
  const { client } = await clientOf((_, response) => {
    response.statusCode = 502;
    response.end('<html>secret details</html>');
  });
  await expect(client.stacks.list()).rejects.toThrow('stacks.list: the server answered with status 502');
});

test('what answers and is not Drover is named so', async () => {
  const { client } = await clientOf((_, response) => response.end('<html>hello</html>'));
  await expect(client.stacks.list()).rejects.toThrow(/^what answers at http:\/\/127\.0\.0\.1:\d+ is not Drover$/);
});

test('no server: one sentence that says what to do', async () => {
  const { client, server } = await clientOf(() => {});
  server.close();
  await once(server, 'close');
  const error = await client.stacks.list().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreachableError);
  expect((error as Error).message).toMatch(
    /^no Drover server answers at .*: nothing listens there\. Start it with npm start/,
  );
});

test('events come one by one, split anywhere, with comments between', async () => {
  const stream =
    ': hello\n\nevent: message\ndata: {"type":"resync"}\n\n: ping\n\nevent: message\ndata: {"type":"stack",\ndata: "stack":"日本"}\n\nevent: done\ndata:\n\n';
  const { client } = await clientOf((_, response) => {
    response.setHeader('content-type', 'text/event-stream');
    const bytes = Buffer.from(stream);
    const send = (at: number): void => {
      if (at >= bytes.length) response.end();
      else response.write(bytes.subarray(at, at + 7), () => setImmediate(send, at + 7));
    };
    send(0);
  });
  const events = [];
  for await (const event of await client.system.events({})) events.push(event);
  expect(events).toEqual([{ type: 'resync' }, { type: 'stack', stack: '日本' }]);
});

test('an error in a stream is that error, a connection that ends early is told', async () => {
  const { client } = await clientOf((request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    if (request.url?.includes('stack=gone'))
      response.end(
        'event: error\ndata: {"defined":true,"code":"NOT_FOUND","status":404,"message":"no such stack"}\n\n',
      );
    else {
      response.write('event: message\ndata: {"type":"resync"}\n\n');
      setTimeout(() => response.destroy(), 20);
    }
  });
  const read = async (stack: string): Promise<void> => {
    for await (const _ of await client.system.events({ stack }));
  };
  await expect(read('gone')).rejects.toMatchObject({ message: 'no such stack', status: 404 });
  await expect(read('here')).rejects.toBeInstanceOf(UnreachableError);
});

test('leaving a stream closes its connection', async () => {
  const closed = Promise.withResolvers<void>();
  const { client } = await clientOf((request, response) => {
    request.on('close', closed.resolve);
    response.setHeader('content-type', 'text/event-stream');
    response.write('data: {"type":"resync"}\n\n');
  });
  for await (const _ of await client.system.events({})) break;
  await closed.promise;
});
