import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecId } from '@drover/engine';
import { expect, it } from 'vitest';
import { eventually, textOf } from '../contract/subject.ts';
import { answerJson, frame, startTestServer } from './test-server.ts';

const exec = 'e'.repeat(64) as ExecId;
const upgraded =
  'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

/** What a shell's `cat; echo done` does. */
function cat(socket: Duplex): void {
  socket.on('data', (data: Buffer) => socket.write(frame(1, data)));
  socket.on('end', () => socket.end(frame(1, 'done\n')));
}

it('asks for the connection and keeps the output open after the input was closed', async () => {
  await using server = await startTestServer();
  let asked: unknown;
  server.onUpgrade = (request, socket) => {
    asked = {
      upgrade: request.headers.upgrade,
      connection: request.headers.connection,
      type: request.headers['content-type'],
    };
    socket.write(upgraded);
    let body = '';
    socket.on('data', function head(data: Buffer) {
      body += data.toString();
      if (!body.includes('}')) return;
      socket.off('data', head);
      cat(socket);
    });
  };
  const stream = await server.engine.exec.start(exec);
  expect(asked).toEqual({ upgrade: 'tcp', connection: 'Upgrade', type: 'application/json' });
  stream.input.write('one ');
  await sleep(20);
  stream.input.end('two\n');
  expect(await textOf(stream.output)).toBe('one two\ndone\n');
});

it('reads bytes that came together with the answer', async () => {
  await using server = await startTestServer();
  server.onUpgrade = (_, socket) =>
    socket.end(Buffer.concat([Buffer.from(upgraded), frame(1, 'at once'), frame(2, ' and error')]));
  const stream = await server.engine.exec.start(exec);
  await sleep(20);
  expect(await textOf(stream.output)).toBe('at once and error');
});

it('takes 200 for an answer too, in both directions', async () => {
  await using server = await startTestServer();
  server.onUpgrade = (_, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n');
    let body = '';
    socket.on('data', function head(data: Buffer) {
      body += data.toString();
      if (!body.includes('}')) return;
      socket.off('data', head);
      cat(socket);
    });
  };
  const stream = await server.engine.exec.start(exec);
  await sleep(20);
  stream.input.end('in\n');
  expect(await textOf(stream.output)).toBe('in\ndone\n');
});

it('hands bytes of a terminal on as they are', async () => {
  await using server = await startTestServer();
  server.onUpgrade = (_, socket) => socket.end(Buffer.concat([Buffer.from(upgraded), Buffer.from('\u001b[1m$ ')]));
  const stream = await server.engine.exec.start(exec, { tty: true, size: { columns: 80, rows: 24 } });
  expect(await textOf(stream.output)).toBe('\u001b[1m$ ');
});

it('is refused in words', async () => {
  await using server = await startTestServer();
  server.onUpgrade = (_, socket) => {
    const body = JSON.stringify({ message: 'No such exec instance' });
    socket.end(
      `HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  };
  await expect(server.engine.exec.start(exec)).rejects.toMatchObject({
    code: 'not-found',
    reason: 'No such exec instance',
  });
  server.onUpgrade = (_, socket) => socket.destroy();
  await expect(server.engine.exec.start(exec)).rejects.toMatchObject({ code: 'connection-lost' });
});

it('tells a broken connection from an end, and survives writes after it', async () => {
  await using server = await startTestServer();
  server.onUpgrade = (_, socket) => {
    socket.write(Buffer.concat([Buffer.from(upgraded), frame(1, 'begin').subarray(0, 10)]));
    setTimeout(() => socket.destroy(), 20);
  };
  const stream = await server.engine.exec.start(exec);
  await expect(textOf(stream.output)).rejects.toMatchObject({ code: 'connection-lost' });
  stream.input.on('error', () => {});
  stream.input.write('late');
  stream.input.end();
  await sleep(20);
});

it('ends with its signal and with close()', async () => {
  await using server = await startTestServer();
  server.onUpgrade = (_, socket) => {
    socket.write(upgraded);
    socket.resume().on('end', () => socket.end());
  };
  const cancel = new AbortController();
  const first = await server.engine.exec.start(exec, { signal: cancel.signal });
  setTimeout(() => cancel.abort(), 20);
  await expect(textOf(first.output)).rejects.toMatchObject({ code: 'aborted' });
  const second = await server.engine.exec.start(exec);
  second.close();
  const alive = async () => server.connections.slice(1).filter((connection) => !connection.destroyed).length;
  expect(await eventually(alive, (count) => count === 0)).toBe(0);
});

it('holds the process back when its output is not read, and the writer when the process does not read', async () => {
  await using server = await startTestServer();
  let sent = 0;
  server.onUpgrade = (_, socket) => {
    socket.write(upgraded);
    socket.pause();
    const block = frame(1, 'x'.repeat(60_000));
    const more = () => {
      while (sent < 50_000_000 && socket.write(block)) sent += block.length;
      sent += block.length;
    };
    socket.on('drain', more);
    more();
  };
  const stream = await server.engine.exec.start(exec);
  let accepted = 0;
  const block = Buffer.alloc(60_000);
  while (accepted < 50_000_000 && stream.input.write(block)) accepted += block.length;
  await sleep(100);
  expect(sent).toBeLessThan(5_000_000);
  expect(accepted).toBeLessThan(5_000_000);
  stream.close();
});

it('asks API 1.41 whether there is a terminal, newer ones say it with the output', async () => {
  await using server = await startTestServer();
  server.pingVersion = '1.41';
  server.onRequest = (request, response) => {
    if (request.url?.endsWith('/json')) answerJson(response, { Config: { Tty: true } });
    else response.end('raw');
  };
  expect(await textOf(server.engine.containers.logs('web'))).toBe('raw');
  expect(server.requests).toEqual([
    'GET /v1.41/containers/web/json',
    'GET /v1.41/containers/web/logs?stdout=1&stderr=1',
  ]);
  await using newer = await startTestServer();
  newer.onRequest = (_, response) =>
    response.setHeader('Content-Type', 'application/vnd.docker.multiplexed-stream').end(frame(1, 'framed'));
  expect(await textOf(newer.engine.containers.logs('web'))).toBe('framed');
  newer.onRequest = (_, response) => response.setHeader('Content-Type', 'application/vnd.docker.raw-stream').end('raw');
  expect(await textOf(newer.engine.containers.logs('web'))).toBe('raw');
});
