import { createServer } from 'node:net';
import { createEngine, dialerFor, dialerFromEnvironment } from '@drover/engine';
import { expect, it } from 'vitest';

it.each([
  ['ssh://me@host', 'does not dial SSH'],
  ['http://host:1', 'it must start with unix:// or tcp://'],
  ['/var/run/docker.sock', 'it must start with unix:// or tcp://'],
  ['', 'it must start with unix:// or tcp://'],
  ['unix://docker.sock', 'must start with a slash'],
  ['tcp://', 'it is not tcp://HOST:PORT'],
  ['tcp://host:99999', 'it is not tcp://HOST:PORT'],
  ['tcp://host:2375/path', 'an address has no path'],
])('refuses %j', (dockerHost, why) => {
  expect(() => dialerFor(dockerHost)).toThrow(why);
  expect(() => dialerFor(dockerHost)).toThrow(`"${dockerHost}"`);
});

it('reads the environment as the Docker CLI does', () => {
  expect(() => dialerFromEnvironment({ DOCKER_HOST: 'tcp://host:2376', DOCKER_TLS_VERIFY: '1' })).toThrow(
    'DOCKER_CERT_PATH',
  );
  expect(() =>
    dialerFromEnvironment({ DOCKER_HOST: 'tcp://host:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' }),
  ).toThrow('ca.pem');
  expect(dialerFromEnvironment({})).toBeTypeOf('function');
  expect(dialerFromEnvironment({ DOCKER_HOST: '' })).toBeTypeOf('function');
});

it('dials TCP, and says when nobody listens', async () => {
  const listener = createServer((socket) =>
    socket.resume().end('HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Length: 2\r\n\r\nOK'),
  );
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  const engine = createEngine({ dialer: dialerFor(`tcp://127.0.0.1:${port}`) });
  expect((await engine.system.ping()).apiVersion).toBe('1.45');
  engine.close();
  await new Promise((resolve) => listener.close(resolve));
  await expect(engine.system.ping()).rejects.toMatchObject({
    code: 'unreachable',
    reason: `no engine answers on 127.0.0.1:${port}`,
  });
});
