import { expect, test } from 'vitest';
import { sha256Hex } from '../src/hash/sha256.ts';
import { networkHash, type Service, serviceHash, serviceHashInput, volumeHash } from '../src/index.ts';

test('SHA-256 agrees with the examples of the standard', () => {
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex('a'.repeat(1_000_000))).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
});

// Labels found on containers that docker compose made.
test('a volume and a network hash to the labels that docker compose gave them', () => {
  expect(volumeHash({ name: 'docker_postgres_data' })).toMatch(/^fc9c3243/);
  expect(networkHash({ name: 'composetest_default', ipam: {} })).toMatch(/^e07bb132/);
});

const service: Service = {
  image: 'a',
  command: null,
  entrypoint: null,
  networks: { default: null },
};

test('the hashed text keeps the order of the fields and leaves out what does not make a container', () => {
  expect(
    serviceHashInput({
      networks: { default: null },
      labels: { b: '<&>', a: '\u2028' },
      scale: 3,
      profiles: ['p'],
      pull_policy: 'always',
      build: { context: '.' },
      depends_on: { b: { required: true } },
      deploy: { replicas: 3, resources: {}, placement: {} },
      entrypoint: [],
      command: null,
    }),
  ).toBe(
    '{"command":null,"deploy":{"resources":{},"placement":{}},"entrypoint":[],"labels":{"a":"\\u2028","b":"\\u003c\\u0026\\u003e"},"networks":{"default":null}}',
  );
});

test('the default platform counts only for what is built', () => {
  expect(serviceHash(service, { defaultPlatform: 'linux/arm64' })).toBe(serviceHash(service));
  const built = { ...service, build: { context: '.' } };
  expect(serviceHash(built, { defaultPlatform: 'linux/arm64' })).not.toBe(serviceHash(built));
});
