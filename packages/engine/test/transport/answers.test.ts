import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../contract/subject.ts';
import { answerJson, startTestServer } from './test-server.ts';

async function drain<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

it('asks for the version once, however many calls wait for it', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, []);
  await Promise.all(Array.from({ length: 10 }, () => server.engine.networks.list()));
  expect(server.pings).toBe(1);
  expect(new Set(server.requests)).toEqual(new Set(['GET /v1.47/networks']));
});

it.each([
  ['1.41', '1.41'],
  ['1.47', '1.47'],
  ['1.99', '1.56'],
  ['2.0', '1.56'],
])('speaks with an engine of API %s in %s', async (offered, spoken) => {
  await using server = await startTestServer();
  server.pingVersion = offered;
  expect(await server.engine.apiVersion()).toBe(spoken);
});

it('agrees on a version anew when the engine was exchanged for one that refuses the old', async () => {
  await using server = await startTestServer();
  let oldest = '1.47';
  server.onRequest = (request, response) => {
    const asked = /^\/v([\d.]+)\//.exec(request.url ?? '')?.[1] ?? '';
    if (asked === oldest) answerJson(response, []);
    else {
      const message = `client version ${asked} is too old. Minimum supported API version is ${oldest}, please upgrade your client`;
      answerJson(response, { message }, 400);
    }
  };
  await server.engine.containers.list();
  oldest = '1.52';
  server.pingVersion = '1.52';
  await server.engine.containers.list();
  await server.engine.containers.start('web');
  expect(await server.engine.apiVersion()).toBe('1.52');
  oldest = '1.99';
  await expect(server.engine.containers.list()).rejects.toMatchObject({ code: 'bad-request' });
  expect(server.requests.at(-1)).toBe('GET /v1.52/containers/json');
});

it('refuses an engine that is too old, and what is no engine', async () => {
  await using server = await startTestServer();
  server.pingVersion = '1.40';
  await expect(server.engine.containers.list()).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('20.10'),
  });
  server.pingVersion = 'teapot';
  await expect(server.engine.containers.list()).rejects.toMatchObject({ code: 'protocol' });
  server.pingVersion = '1.41';
  server.onRequest = (_, response) => answerJson(response, []);
  expect(await server.engine.containers.list()).toEqual([]);
});

it.each([
  [400, 'bad-request'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [409, 'conflict'],
  [500, 'server'],
  [501, 'unsupported'],
  [503, 'unavailable'],
  [301, 'protocol'],
  [418, 'bad-request'],
])('turns status %i into %s', async (status, code) => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, { message: 'because\n' }, status);
  await expect(server.engine.containers.create({ Image: 'x' }, { name: 'web-1' })).rejects.toMatchObject({
    code,
    status,
    doing: 'creating container web-1',
    reason: 'because',
    message: 'creating container web-1: because',
  });
});

it.each([
  [500, 'rpc error: code = Unknown desc = update out of sequence', 'version-conflict', 'update out of sequence'],
  [
    503,
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    'not-in-swarm',
    null,
  ],
  [
    503,
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.",
    'not-a-manager',
    null,
  ],
  [
    503,
    'This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster.',
    'not-a-manager',
    null,
  ],
  [503, 'This node is already part of a swarm. Use "docker swarm leave" to leave.', 'already-in-swarm', null],
  [503, 'Swarm is encrypted and needs to be unlocked before it can be used.', 'swarm-locked', null],
  [500, "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that", 'no-leader', null],
  [
    500,
    'rpc error: code = Unknown desc = raft: failed to process the request: node lost leader status',
    'no-leader',
    null,
  ],
  [
    500,
    'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    'unavailable',
    'context deadline exceeded',
  ],
  [500, 'invalid join token', 'unauthorized', null],
  [409, 'rpc error: code = AlreadyExists desc = name conflicts', 'conflict', 'name conflicts'],
])("tells a manager's refusal %i %s as %s", async (status, message, code, reason) => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, { message }, status);
  await expect(server.engine.services.list()).rejects.toMatchObject({
    code,
    status,
    reason: reason ?? message.replace(/^rpc error: code = \w+ desc = /, ''),
  });
});

it('takes plain text and nothing as a refusal too, and the words of the caller', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => response.writeHead(404).end('page not found\n');
  await expect(server.engine.containers.start('0'.repeat(64))).rejects.toMatchObject({
    message: `starting container ${'0'.repeat(12)}: page not found`,
  });
  server.onRequest = (_, response) => response.writeHead(500).end();
  await expect(server.engine.containers.start('web', { doing: 'starting web-1' })).rejects.toMatchObject({
    message: 'starting web-1: the engine answered 500',
  });
});

it('counts "not modified" as done', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => response.writeHead(304).end();
  await server.engine.containers.start('web');
  await server.engine.containers.stop('web');
});

it('says when an answer breaks off, is no JSON, or no HTTP', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => {
    response.write('[{"Id":');
    setTimeout(() => response.destroy(), 10);
  };
  await expect(server.engine.containers.list()).rejects.toMatchObject({ code: 'connection-lost', status: null });
  server.onRequest = (_, response) => response.end('<html>');
  await expect(server.engine.containers.list()).rejects.toMatchObject({ code: 'protocol' });
  server.onRequest = (request) => request.socket.end('SSH-2.0-nothing\r\n\r\n');
  await expect(server.engine.containers.list()).rejects.toMatchObject({ code: 'protocol' });
});

it('keeps a character whole that comes in two parts, and lines that come in many', async () => {
  await using server = await startTestServer();
  const text = `${JSON.stringify({ status: 'Pulling für dich 🐳' })}\r\n${JSON.stringify({ status: 'second' })}\n{"status":"last"}`;
  server.onRequest = async (_, response) => {
    for (const byte of Buffer.from(text)) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  };
  expect((await drain(server.engine.images.pull('web'))).map((line) => line.status)).toEqual([
    'Pulling für dich 🐳',
    'second',
    'last',
  ]);
});

it.each([
  ['manifest for web:9 not found: manifest unknown', 'not-found'],
  ['unauthorized: authentication required', 'unauthorized'],
  ['pull access denied for web', 'unauthorized'],
  ['no space left on device', 'server'],
])('throws an error that comes after progress: %s', async (message, code) => {
  await using server = await startTestServer();
  server.onRequest = (_, response) =>
    response.end(`{"status":"Pulling"}\n${JSON.stringify({ errorDetail: { message }, error: message })}\n`);
  const seen: string[] = [];
  const pulling = (async () => {
    for await (const line of server.engine.images.pull('web:9')) seen.push(line.status ?? '');
  })();
  await expect(pulling).rejects.toMatchObject({ code, message: `pulling web:9: ${message}` });
  expect(seen).toEqual(['Pulling']);
});

it('pulls one tag, one digest, with credentials in base64url', async () => {
  await using server = await startTestServer();
  const headers: (string | undefined)[] = [];
  server.onRequest = (request, response) => {
    headers.push(request.headers['x-registry-auth'] as string | undefined);
    response.end();
  };
  await drain(server.engine.images.pull('registry.test:5000/team/web'));
  await drain(server.engine.images.pull('web@sha256:abc', { platform: 'linux/arm64' }));
  await drain(server.engine.images.pull('web:1', { auth: { username: 'ü', password: '>>>???' } }));
  expect(server.requests).toEqual([
    'POST /v1.47/images/create?fromImage=registry.test%3A5000%2Fteam%2Fweb&tag=latest',
    'POST /v1.47/images/create?fromImage=web&tag=sha256%3Aabc&platform=linux%2Farm64',
    'POST /v1.47/images/create?fromImage=web&tag=1',
  ]);
  expect(headers.slice(0, 2)).toEqual([undefined, undefined]);
  expect(headers[2]).toMatch(/^[A-Za-z0-9_=-]+$/);
  expect(JSON.parse(Buffer.from(headers[2] ?? '', 'base64url').toString())).toEqual({
    username: 'ü',
    password: '>>>???',
  });
});

it.each(['', '.', '..', 'a\0b'])('does not let the name %j change the path', async (name) => {
  await using server = await startTestServer();
  await expect(server.engine.containers.inspect(name)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(server.engine.volumes.remove(name)).rejects.toMatchObject({ code: 'bad-request' });
  await expect(server.engine.images.inspect(`x/${name}`)).rejects.toMatchObject({ code: 'bad-request' });
  expect(server.requests).toEqual([]);
});

it('encodes what a name holds', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, {});
  await server.engine.volumes.inspect('../x?y#z');
  await server.engine.images.inspect('host:5000/team/web:1@sha256:ab?c');
  expect(server.requests).toEqual([
    'GET /v1.47/volumes/..%2Fx%3Fy%23z',
    'GET /v1.47/images/host:5000/team/web:1@sha256:ab%3Fc/json',
  ]);
});

it('closes the connection of a stream that is left, cancelled, or whose consumer fails', async () => {
  await using server = await startTestServer();
  const stats = async (response: ServerResponse) => {
    while (!response.destroyed) {
      response.write('{"read":"now"}\n');
      await sleep(5);
    }
  };
  server.onRequest = (_, response) => void stats(response);
  for await (const _ of server.engine.containers.stats('web')) break;
  await expect(
    (async () => {
      const cancel = new AbortController();
      for await (const _ of server.engine.containers.stats('web', { signal: cancel.signal })) cancel.abort();
    })(),
  ).rejects.toMatchObject({ code: 'aborted', message: 'sampling container web: it was cancelled' });
  await expect(
    (async () => {
      for await (const _ of server.engine.containers.stats('web')) throw new Error('mine');
    })(),
  ).rejects.toThrow('mine');
  expect(server.requests).toHaveLength(3);
  const alive = async () => server.connections.filter((connection) => !connection.destroyed).length;
  expect(await eventually(alive, (count) => count === 0)).toBe(0);
});

it('leaves the connection of a finished call alone when its signal fires later', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, []);
  const cancel = new AbortController();
  await server.engine.containers.list({ signal: cancel.signal });
  cancel.abort();
  await server.engine.containers.list();
  expect(server.connections).toHaveLength(1);
});

it('stops reading from the engine when its consumer is slow', async () => {
  await using server = await startTestServer();
  let written = 0;
  server.onRequest = (_, response) => {
    const line = Buffer.from(`{"status":"${'x'.repeat(1000)}"}\n`);
    const more = () => {
      while (!response.destroyed && response.write(line)) written += line.length;
      written += line.length;
    };
    response.on('drain', more);
    more();
  };
  let read = 0;
  for await (const _ of server.engine.images.pull('web')) {
    await sleep(10);
    read += 1;
    if (read === 30) break;
  }
  expect(written).toBeLessThan(2_000_000);
});

it('gives up sending an archive that is refused, and lets go of its source', async () => {
  await using server = await startTestServer();
  server.onRequest = (_, response) => answerJson(response, { message: 'Could not find the file /nowhere' }, 404);
  let released = false;
  const endless = (async function* () {
    try {
      for (;;) yield Buffer.alloc(65_536);
    } finally {
      released = true;
    }
  })();
  await expect(server.engine.containers.putArchive('web', '/nowhere', endless)).rejects.toMatchObject({
    code: 'not-found',
  });
  const isReleased = async () => released;
  expect(await eventually(isReleased, (is) => is)).toBe(true);
});

it('fails with its source when that breaks', async () => {
  await using server = await startTestServer();
  server.onRequest = (request) => void request.resume();
  const broken = (async function* () {
    yield Buffer.from('begin');
    throw new Error('the disk is gone');
  })();
  await expect(server.engine.containers.putArchive('web', '/tmp', broken)).rejects.toMatchObject({
    code: 'aborted',
    message: 'copying into container web: what was to be sent broke off: the disk is gone',
  });
});
