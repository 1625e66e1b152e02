import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DataFolder, openDataFolder } from '../src/data-folder.ts';
import { readIdentity } from '../src/identity.ts';
import { join } from '../src/join.ts';
import { hostFingerprint, TestAuthority } from './test-authority.ts';
import { TestListener } from './test-listener.ts';

let folder: DataFolder;

beforeEach(async () => {
  folder = await openDataFolder(joinPath(await mkdtemp(joinPath(tmpdir(), 'drover-agent-')), 'data'));
});

afterEach(async () => {
  await rm(joinPath(folder.path, '..'), { recursive: true });
});

const machine = { software: '0.1.0', hostname: 'n1' };
const { signal } = new AbortController();

function options(listener: TestListener) {
  return { server: listener.address, authority: listener.authority.fingerprint, token: 'a-token', machine, signal };
}

it('becomes a host, and repairs it with the same key and the old certificate', async () => {
  await using listener = await TestListener.start();
  const first = await join(folder, options(listener));
  expect(first).toMatchObject({ hostId: 'host-1', server: listener.address });
  expect(listener.joins[0]).toMatchObject({ request: { token: 'a-token', ...machine }, shown: undefined });
  const second = await join(folder, options(listener));
  expect(hostFingerprint(second.certificate)).toBe(hostFingerprint(first.certificate));
  expect(listener.joins[1]?.shown).toBe(hostFingerprint(first.certificate));
  expect(await readIdentity(folder)).toEqual(second);
});

it('keeps its files for its user alone, and nothing half-written', async () => {
  await using listener = await TestListener.start();
  await join(folder, options(listener));
  expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
  const names = await readdir(folder.path);
  expect(names.sort()).toEqual(['identity.json', 'key.pem']);
  for (const name of names) expect((await stat(joinPath(folder.path, name))).mode & 0o777).toBe(0o600);
  expect(await readFile(folder.identity, 'utf8')).not.toContain('a-token');
});

it('sends nothing to a server of another authority', async () => {
  await using listener = await TestListener.start();
  const { fingerprint } = await TestAuthority.make();
  await expect(join(folder, { ...options(listener), authority: fingerprint })).rejects.toMatchObject({
    code: 'wrong-server',
    message: expect.stringContaining(`it is not the server of the authority ${fingerprint}; it shows sha256:`),
  });
  expect(listener.joins).toEqual([]);
});

it('sends nothing to whoever shows the right authority without being its server', async () => {
  // An agent's own certificate, with the authority's behind it.
  await using listener = await TestListener.start((authority) => authority.server({}, 'host-7'));
  await expect(join(folder, options(listener))).rejects.toMatchObject({ code: 'wrong-server' });
  expect(listener.joins).toEqual([]);
  await using stranger = await TestListener.start(async (authority) => {
    const other = await (await TestAuthority.make()).server();
    return {
      key: other.key,
      cert: `${other.cert.split('-----END CERTIFICATE-----')[0]}-----END CERTIFICATE-----\n${authority.certificate}`,
    };
  });
  await expect(join(folder, options(stranger))).rejects.toMatchObject({ code: 'wrong-server' });
  expect(stranger.joins).toEqual([]);
});

it('says why the server refuses', async () => {
  await using listener = await TestListener.start();
  listener.refusal = { reason: 'token-expired', message: 'this token was valid until yesterday' };
  await expect(join(folder, options(listener))).rejects.toMatchObject({
    code: 'refused',
    message: `joining 127.0.0.1:${listener.port}: this token was valid until yesterday`,
  });
  expect(await readIdentity(folder)).toBeUndefined();
});

it('says that a server does not answer, and that something else does', async () => {
  await using listener = await TestListener.start();
  await listener.stop();
  await expect(join(folder, options(listener))).rejects.toMatchObject({
    code: 'unreachable',
    message: `connecting to the server 127.0.0.1:${listener.port}: nothing listens there`,
  });
  const other = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(join(folder, { ...options(listener), server: { host: '127.0.0.1', port } })).rejects.toMatchObject({
    code: expect.stringMatching(/wrong-server|unreachable/),
  });
  other.close();
});

it('says that the clock must be wrong', async () => {
  const from = new Date(Date.now() + 400 * 86_400_000);
  await using listener = await TestListener.start((authority) => authority.server({ from, to: new Date(+from + 1e9) }));
  await expect(join(folder, options(listener))).rejects.toMatchObject({
    code: 'clock',
    message: expect.stringContaining(`which holds from ${from.toISOString().slice(0, 10)}`),
  });
});

it('refuses a data folder that others can look into, and a key that others can read', async () => {
  await using listener = await TestListener.start();
  await join(folder, options(listener));
  await chmod(folder.key, 0o644);
  await expect(join(folder, options(listener))).rejects.toMatchObject({ code: 'data-folder' });
  await chmod(folder.path, 0o755);
  await expect(openDataFolder(folder.path)).rejects.toMatchObject({
    code: 'data-folder',
    message: expect.stringContaining('others can look into it'),
  });
});
