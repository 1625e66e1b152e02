import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowListOf } from '../src/gateway/allow-list.ts';
import { createProxy } from '../src/gateway/proxy.ts';

const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe('allowListOf', () => {
  it('holds addresses with their ports', () => {
    const sources = [{ uri: 'http://mirror.example/debian', suite: 'sid', components: ['main'] }];
    const allowed = allowListOf(sources, [
      'https://npm.example/',
      'http://local.example:4873/',
      'file:///x',
      'nonsense',
    ]);
    expect([...allowed]).toEqual(['mirror.example:80', 'npm.example:443', 'local.example:4873']);
  });
});

describe('the proxy', () => {
  let origin: Server;
  let proxy: Server;

  beforeEach(async () => {
    origin = createServer(async (incoming, outgoing) => {
      outgoing.end(
        `${incoming.method} ${incoming.url} ${incoming.headers['proxy-connection']} ${await text(incoming)}`,
      );
    }).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    proxy = createProxy(new Set([`127.0.0.1:${portOf(origin)}`])).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });

  afterEach(() => {
    for (const server of [proxy, origin]) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function throughProxy(target: string, body = ''): Promise<{ status: number; body: string }> {
    const headers = { 'proxy-connection': 'keep-alive' };
    const asked = request({ host: '127.0.0.1', port: portOf(proxy), path: target, method: 'POST', headers });
    asked.end(body);
    const [answer] = await once(asked, 'response');
    return { status: answer.statusCode, body: await text(answer) };
  }

  it('passes plain requests on to an allowed address, without what is meant for the proxy', async () => {
    const answer = await throughProxy(`http://127.0.0.1:${portOf(origin)}/x?y`, 'hello');
    expect(answer).toEqual({ status: 200, body: 'POST /x?y undefined hello' });
  });

  it('refuses every other address and says why', async () => {
    expect(await throughProxy('http://127.0.0.1:1/')).toMatchObject({ status: 403, body: /127\.0\.0\.1:1 is not one/ });
    expect(await throughProxy('/')).toMatchObject({ status: 400 });
  });

  it('delivers what a server sent last to a client that reads slowly and still writes', async () => {
    const sent = Buffer.alloc(1024 * 1024, 1);
    const hasty = createTcpServer((socket) => void socket.resume().end(sent)).listen(0, '127.0.0.1');
    await once(hasty, 'listening');
    const { port } = hasty.address() as AddressInfo;
    const slowProxy = createProxy(new Set([`127.0.0.1:${port}`])).listen(0, '127.0.0.1');
    await once(slowProxy, 'listening');
    try {
      const tunnel = connect(portOf(slowProxy), '127.0.0.1');
      tunnel.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`);
      await once(tunnel, 'readable');
      for (let round = 0; round < 10; round += 1) {
        tunnel.write('a further request');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect((await buffer(tunnel)).length).toBeGreaterThanOrEqual(sent.length);
      tunnel.end();
    } finally {
      slowProxy.close();
      slowProxy.closeAllConnections();
      hasty.close();
    }
  });

  it('opens tunnels to an allowed address only', async () => {
    const tunnel = connect(portOf(proxy), '127.0.0.1');
    tunnel.write(`CONNECT 127.0.0.1:${portOf(origin)} HTTP/1.1\r\n\r\n`);
    await once(tunnel, 'data');
    tunnel.end('GET /inside HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await text(tunnel)).toContain('GET /inside');

    const refused = connect(portOf(proxy), '127.0.0.1');
    refused.write('CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n');
    expect(await text(refused)).toMatch(/^HTTP\/1\.1 403 /);
  });
});
