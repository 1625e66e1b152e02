import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, dialerFor, dialerFromEnvironment } from '@drover/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientCertificate, clientKey, serverCertificate, serverKey } from './test-certificates.ts';

let server: Server;
let address: string;

beforeAll(async () => {
  const options = {
    key: serverKey,
    cert: serverCertificate,
    ca: clientCertificate,
    requestCert: true,
    rejectUnauthorized: true,
  };
  server = createServer(options, (_, response) => response.setHeader('Api-Version', '1.47').end('OK'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('dials with the certificates that it is given', async () => {
  const engine = createEngine({
    dialer: dialerFor(address, { ca: serverCertificate, cert: clientCertificate, key: clientKey }),
  });
  expect((await engine.system.ping()).apiVersion).toBe('1.47');
  expect((await engine.system.ping()).apiVersion).toBe('1.47');
  engine.close();
});

it('dials with the certificates of a folder, as the Docker CLI does', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-certificates-'));
  writeFileSync(join(folder, 'ca.pem'), serverCertificate);
  writeFileSync(join(folder, 'cert.pem'), clientCertificate);
  writeFileSync(join(folder, 'key.pem'), clientKey);
  const dialer = dialerFromEnvironment({ DOCKER_HOST: address, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder });
  rmSync(folder, { recursive: true });
  const engine = createEngine({ dialer });
  expect((await engine.system.ping()).apiVersion).toBe('1.47');
  engine.close();
});

it('refuses an engine whose certificate it does not trust', async () => {
  const engine = createEngine({ dialer: dialerFor(address, { cert: clientCertificate, key: clientKey }) });
  await expect(engine.system.ping()).rejects.toMatchObject({
    code: 'unreachable',
    reason: expect.stringContaining('certificate'),
  });
});

it('is refused by an engine that does not know it', async () => {
  const engine = createEngine({ dialer: dialerFor(address, { ca: serverCertificate }) });
  await expect(engine.system.ping()).rejects.toMatchObject({
    code: expect.stringMatching(/^(unreachable|connection-lost)$/),
  });
});
