import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OriginRequest, type OriginRules, originRefusal } from '../src/http/origin.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

test.each([
  ['evil.example', undefined],
  ['evil.example:8420', undefined],
  ['localhost.evil.example', undefined],
  ['127.0.0.1.evil.example', undefined],
  ['169.254.169.254', undefined],
  ['user@localhost', undefined],
  ['127.0.0.1:8420', 'http://evil.example'],
  ['127.0.0.1:8420', 'null'],
  ['127.0.0.1:8420', 'http://127.0.0.1:3000'],
  ['127.0.0.1:8420', 'http://localhost:8420'],
  ['127.0.0.1:8420', 'file://127.0.0.1:8420'],
])('Host %s with Origin %s is refused, with a good token too', async (host, origin) => {
  const headers = { host, ...(origin === undefined ? {} : { origin }) };
  const answer = await stage.call('GET', '/system', { headers });
  expect(answer.status).toBe(403);
  expect(answer.text).not.toContain('dataDir');
});

test.each([
  ['127.0.0.1:8420', undefined],
  ['localhost:9999', 'http://localhost:9999'],
  ['[::1]:8420', 'http://[::1]:8420'],
  ['LOCALHOST:8420', undefined],
])('Host %s with Origin %s is let in', async (host, origin) => {
  const headers = { host, ...(origin === undefined ? {} : { origin }) };
  expect((await stage.call('GET', '/system', { headers })).status).toBe(200);
});

const behindProxy: OriginRules = { listenHost: '127.0.0.1', publicUrl: new URL('https://drover.example') };
const wildcard: OriginRules = { listenHost: '0.0.0.0', publicUrl: undefined };
test.each<[string, OriginRules, Partial<OriginRequest>, boolean]>([
  ['the public name', behindProxy, { host: 'drover.example', origin: 'https://drover.example' }, true],
  ['the public name, another scheme', behindProxy, { host: '127.0.0.1:8420', origin: 'http://drover.example' }, false],
  ['the address that was dialled', wildcard, { host: '10.1.2.3:8420', localAddress: '::ffff:10.1.2.3' }, true],
  ['another address', wildcard, { host: '10.1.2.4:8420', localAddress: '10.1.2.3' }, false],
  ['a name', wildcard, { host: 'drover.lan:8420', localAddress: '10.1.2.3' }, false],
])('%s', (_, rules, request, allowed) => {
  const refusal = originRefusal(rules, { host: undefined, origin: undefined, localAddress: undefined, ...request });
  expect(refusal === undefined).toBe(allowed);
});

test('every answer forbids sniffing and caching, and no other origin is invited', async () => {
  const { headers } = await stage.call('GET', '/system');
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  expect(headers).not.toHaveProperty('set-cookie');
  const preflight = await stage.call('OPTIONS', '/system', {
    token: null,
    headers: { origin: 'http://evil.example', 'access-control-request-method': 'GET' },
  });
  expect(preflight.status).toBe(403);
});
