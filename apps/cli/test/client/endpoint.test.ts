import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findEndpoint, parseServerUrl } from '../../src/client/endpoint.ts';
import { loginsFile, readLogins, writeLogins } from '../../src/client/logins.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drover-cli-'));
  await mkdir(join(home, 'data'));
  await writeFile(join(home, 'data', 'admin-token'), 'local-token\n', { mode: 0o600 });
});
afterAll(() => rm(home, { recursive: true, force: true }));

const find = (environment: Record<string, string>, server?: string) =>
  findEndpoint({ server, environment: { DROVER_DATA: join(home, 'data'), ...environment }, home, isRoot: false });

test('by itself the local server with its token file', async () => {
  const { url, token } = await find({});
  expect([url.href, token]).toEqual(['http://127.0.0.1:8420/', 'local-token']);
  expect((await find({ DROVER_LISTEN: '127.0.0.1:9000' })).url.href).toBe('http://127.0.0.1:9000/');
  expect((await find({ DROVER_LISTEN: '0.0.0.0:9000' })).url.href).toBe('http://127.0.0.1:9000/');
});

test('flag, then DROVER_URL, then the saved login; the local token goes to no other machine', async () => {
  const environment = { XDG_CONFIG_HOME: join(home, 'config') };
  await writeLogins(environment, home, {
    current: 'https://a.example/',
    tokens: new Map([['https://a.example/', 'a-token']]),
  });
  expect(await find(environment)).toMatchObject({ token: 'a-token', url: new URL('https://a.example') });
  const other = await find({ ...environment, DROVER_URL: 'https://b.example' });
  expect([other.url.host, other.token]).toEqual(['b.example', undefined]);
  expect(other.tokenProblem).toBe('you are not signed in to https://b.example: run drover login https://b.example');
  expect((await find({ ...environment, DROVER_URL: 'https://b.example' }, 'https://a.example')).token).toBe('a-token');
  expect((await find({ ...environment, DROVER_TOKEN: 'mine' })).token).toBe('mine');
});

test('logins are for their owner alone, and a broken file is none', async () => {
  const environment = { XDG_CONFIG_HOME: join(home, 'other') };
  await writeLogins(environment, home, { current: undefined, tokens: new Map([['http://x/', 't']]) });
  expect((await stat(loginsFile(environment, home))).mode & 0o777).toBe(0o600);
  expect((await readLogins(environment, home)).tokens.get('http://x/')).toBe('t');
  await writeFile(loginsFile(environment, home), '{');
  expect(await readLogins(environment, home)).toEqual({ current: undefined, tokens: new Map() });
});

test('a missing token file is explained', async () => {
  const { token, tokenProblem } = await find({ DROVER_DATA: join(home, 'nowhere') });
  expect(token).toBeUndefined();
  expect(tokenProblem).toMatch(/set DROVER_DATA to the server's data folder/);
});

test.each([
  ['127.0.0.1:8420', 'http://127.0.0.1:8420/'],
  ['https://x.example/drover/?q#h', 'https://x.example/drover/'],
])('%s is an address', (text, href) => {
  expect(parseServerUrl(text).href).toBe(href);
});

test.each(['http://', 'ftp://x', 'http://me:pw@x', 'a b'])('%s is refused', (text) => {
  expect(() => parseServerUrl(text)).toThrow(/address/);
});
