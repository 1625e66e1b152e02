import { X509Certificate } from 'node:crypto';
import { publicKeyFingerprint } from '@drover/tunnel';
import { expect, test } from 'vitest';
import { Authority } from '../../src/authority/authority.ts';
import type { SecretStore } from '../../src/authority/secret-store.ts';
import { makeForgedRequest, makeHostKey, makeRsaRequest } from './host-key.ts';

const day = 24 * 3_600_000;
const start = new Date('2026-11-26T12:00:00Z');

function memorySecrets(): SecretStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    async read<Value>(name: string) {
      const text = kept.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as Value);
    },
    async write(name, value) {
      kept.set(name, JSON.stringify(value));
    },
  };
}

test('an authority is made once and is the same after a restart', async () => {
  const secrets = memorySecrets();
  const authority = await Authority.open(secrets, () => start);
  const own = new X509Certificate(authority.certificate);
  expect(own.ca).toBe(true);
  expect(own.verify(own.publicKey)).toBe(true);
  expect(authority.fingerprint).toBe(publicKeyFingerprint(own));
  const again = await Authority.open(secrets, () => start);
  expect([again.fingerprint, again.listenerPin]).toEqual([authority.fingerprint, authority.listenerPin]);
});

test('a certificate of a host names that host alone, for clients, from a day back and for 30 days', async () => {
  const authority = await Authority.open(memorySecrets(), () => start);
  const { csr } = await makeHostKey();
  const certificate = new X509Certificate(await authority.signHost(csr, '0123456789abcdef'));
  expect(certificate.subjectAltName).toBe('URI:drover:host/0123456789abcdef');
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(certificate.ca).toBe(false);
  expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(certificate.validFromDate).toEqual(new Date(start.getTime() - day));
  expect(certificate.validToDate).toEqual(new Date(start.getTime() + 30 * day));
  expect(await authority.readRequest(csr)).toBe(publicKeyFingerprint(certificate));
});

test.each([
  ['no request', async () => 'hello', 'it is no PKCS #10 request in PEM'],
  ['another key than it is signed with', makeForgedRequest, 'its signature is not made with its key'],
  ['a key of another kind', makeRsaRequest, 'its key is not ECDSA over P-256'],
  ['a request that is too long', async () => 'x'.repeat(9000), 'it is longer than 8192 bytes'],
])('refuses %s', async (_, make, why) => {
  const authority = await Authority.open(memorySecrets(), () => start);
  await expect(authority.signHost(await make(), 'a')).rejects.toThrow(`reading the certificate request: ${why}`);
});

test('the listener’s certificate is renewed with its key when it ends soon or its names change', async () => {
  const secrets = memorySecrets();
  let now = start;
  const authority = await Authority.open(secrets, () => now);
  const first = await authority.listenerIdentity(['drover.example.com', '10.0.0.1', 'fd00::1']);
  expect(new X509Certificate(first.chain).subjectAltName).toContain('DNS:drover-server');
  now = new Date(start.getTime() + 30 * day);
  const same = await authority.listenerIdentity(['fd00::1', '10.0.0.1', 'drover.example.com']);
  expect(same.chain).toBe(first.chain);
  now = new Date(start.getTime() + 61 * day);
  const renewed = await authority.listenerIdentity(['fd00::1', '10.0.0.1', 'drover.example.com']);
  expect(renewed.chain).not.toBe(first.chain);
  expect([renewed.key, renewed.pin]).toEqual([first.key, first.pin]);
  expect(renewed.expiresAt).toEqual(new Date(now.getTime() + 90 * day));
  const other = await authority.listenerIdentity(['10.0.0.2']);
  expect(new X509Certificate(other.chain).checkIP('10.0.0.2')).toBe('10.0.0.2');
  expect(other.pin).toBe(first.pin);
});
