import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mostStreams, windowBytes } from '../src/session-options.ts';
import { openPair, serveSockets, textOf, until } from './tunnel-pair.ts';

/** Writes without end, as fast as it is taken. */
function gush(socket: Duplex, count?: (bytes: number) => void): void {
  const block = Buffer.alloc(64 * 1024);
  const more = (): void => {
    while (!socket.destroyed && socket.write(block)) count?.(block.length);
    count?.(block.length);
  };
  socket.on('drain', more);
  more();
}

it('carries a thousand streams at once', async () => {
  await using engine = await serveSockets((socket) => {
    socket.on('data', (data: Buffer) => socket.write(data));
    socket.on('end', () => socket.end());
  });
  await using pair = await openPair({ docker: engine.dialer });
  const streams = await Promise.all(Array.from({ length: 1000 }, () => pair.tunnel.dialer()));
  await until(() => engine.connections.length === 1000);
  const answers = streams.map((stream, index) => {
    stream.end(`stream ${index}`);
    return textOf(stream);
  });
  expect(await Promise.all(answers)).toEqual(streams.map((_, index) => `stream ${index}`));
});

it('refuses a stream above its limit in words, and takes one again when another has ended', async () => {
  await using engine = await serveSockets((socket) => socket.resume().on('end', () => socket.end()));
  let most = 0;
  await using pair = await openPair({
    docker: (signal) => {
      most += 1;
      return engine.dialer(signal);
    },
  });
  const streams: Duplex[] = [];
  // In portions: a listening socket has a backlog of its own.
  while (streams.length < mostStreams)
    streams.push(...(await Promise.all(Array.from({ length: 512 }, () => pair.tunnel.dialer()))));
  await expect(pair.tunnel.dialer()).rejects.toMatchObject({
    code: 'busy',
    message: `connecting to the engine of n1: its tunnel carries ${mostStreams} connections already, which is the limit`,
  });
  const [first] = streams;
  first?.destroy();
  await once(first!, 'close');
  (await pair.tunnel.dialer()).destroy();
  expect(most).toBe(mostStreams + 1);
}, 30_000);

it('survives as many cancelled streams as twenty seconds of following logs bring', async () => {
  await using engine = await serveSockets((socket) => {
    socket.write('line');
    socket.resume().on('end', () => socket.destroy());
  });
  await using pair = await openPair({ docker: engine.dialer });
  // At Node's defaults a session bears 1,000 at once and 33 a second.
  for (let count = 0; count < 2500; count += 50)
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const stream = await pair.tunnel.dialer();
        stream.destroy();
        await once(stream, 'close');
      }),
    );
  expect(await textOf(await pair.tunnel.dialer().then((stream) => stream.end()))).toBe('line');
}, 30_000);

it('holds back only the stream whose reader stops, and its engine with it', async () => {
  let gushed = 0;
  await using engine = await serveSockets((socket) => {
    socket.once('data', (asked: Buffer) => {
      if (String(asked) === 'all') gush(socket, (bytes) => (gushed += bytes));
      else socket.end('quick');
    });
  });
  await using pair = await openPair({ docker: engine.dialer });
  const slow = await pair.tunnel.dialer();
  slow.write('all');
  slow.pause();
  await until(() => gushed > windowBytes);
  let before = -1;
  while (before !== gushed) {
    before = gushed;
    await sleep(100);
  }
  // The window, and what the kernel's own buffers and the streams hold.
  expect(gushed).toBeLessThan(2 * windowBytes);
  const quick = await pair.tunnel.dialer();
  quick.write('one');
  expect(await textOf(quick)).toBe('quick');
  slow.resume();
  await until(() => gushed > 3 * windowBytes);
  slow.destroy();
});

it('takes new streams while hundreds of others have more to say than the line carries', async () => {
  await using engine = await serveSockets((socket) => {
    socket.once('data', (asked: Buffer) => socket.end(String(asked) === 'much' ? Buffer.alloc(128 * 1024) : 'quick'));
  });
  await using pair = await openPair({ docker: engine.dialer, delayMs: 20 });
  const busy = await Promise.all(Array.from({ length: 500 }, () => pair.tunnel.dialer()));
  for (const stream of busy) {
    stream.write('much');
    stream.resume();
  }
  for (let count = 0; count < 10; count += 1) {
    await sleep(20);
    const quick = await pair.tunnel.dialer();
    quick.write('one');
    expect(await textOf(quick)).toBe('quick');
  }
}, 30_000);

it('holds back the writer when the engine does not read', async () => {
  let read = true;
  await using engine = await serveSockets((socket) => {
    if (read) void textOf(socket).then(() => socket.end('taken'));
  });
  await using pair = await openPair({ docker: engine.dialer });
  read = false;
  const stuck = await pair.tunnel.dialer();
  let given = 0;
  gush(stuck, (bytes) => (given += bytes));
  let before = -1;
  while (before !== given) {
    before = given;
    await sleep(100);
  }
  expect(given).toBeLessThan(2 * windowBytes);
  read = true;
  const taken = await pair.tunnel.dialer();
  taken.end('x');
  expect(await textOf(taken)).toBe('taken');
  stuck.destroy();
});

it.each([
  ['from the host', true],
  ['to the host', false],
])(
  'is not slowed down by a long line: %s',
  async (_, fromHost) => {
    const bytes = 12 * 1024 * 1024;
    await using engine = await serveSockets((socket) => {
      if (fromHost) socket.end(Buffer.alloc(bytes));
      else void drain(socket).then((got) => socket.end(String(got)));
    });
    const transfer = async (delayMs: number): Promise<number> => {
      await using pair = await openPair({ docker: engine.dialer, delayMs });
      const stream = await pair.tunnel.dialer();
      const started = performance.now();
      if (fromHost) expect(await drain(stream)).toBe(bytes);
      else {
        stream.end(Buffer.alloc(bytes));
        expect(await textOf(stream)).toBe(String(bytes));
      }
      return performance.now() - started;
    };
    const delayMs = 200;
    const roundTrips = ((await transfer(delayMs)) - (await transfer(0))) / (2 * delayMs);
    // As many as windows go into the bytes: 190 at Node's 64 KiB.
    expect(roundTrips).toBeLessThan(7);
  },
  60_000,
);

async function drain(stream: Duplex): Promise<number> {
  let got = 0;
  for await (const part of stream) got += (part as Buffer).length;
  return got;
}
