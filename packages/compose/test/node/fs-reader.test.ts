import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load } from '../../src/index.ts';
import { fileReader } from '../../src/node/fs-reader.ts';

let root = '';
let outside = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'drover-compose-'));
  outside = mkdtempSync(join(tmpdir(), 'drover-outside-'));
  writeFileSync(join(outside, 'secret.env'), 'TOKEN=outside\n');
  writeFileSync(join(root, 'own.env'), 'TOKEN=own\n');
  mkdirSync(join(root, 'real'));
  symlinkSync(join(outside, 'secret.env'), join(root, 'link.env'));
  symlinkSync(outside, join(root, 'folder'));
  symlinkSync(join(root, 'real'), join(root, 'inner'));
});

afterAll(() => {
  rmSync(root, { recursive: true });
  rmSync(outside, { recursive: true });
});

const read = async (path: string): Promise<string> => {
  const outcome = await fileReader({ root }).read(join(root, path), 1000, undefined);
  return outcome.ok ? new TextDecoder().decode(outcome.resource.bytes) : outcome.refusal;
};

test('a confined reader reads nothing outside its root, through links neither', async () => {
  expect(await read('own.env')).toBe('TOKEN=own\n');
  expect(await read('real/../own.env')).toBe('TOKEN=own\n');
  expect(await read('link.env')).toBe('outside');
  expect(await read('folder/secret.env')).toBe('outside');
  expect(await read(`../${outside.split('/').at(-1)}/secret.env`)).toBe('outside');
  expect(await read('missing.env')).toBe('not-found');
  expect(await read('real')).toBe('is-directory');
  expect(await fileReader({ root }).kind(join(root, 'link.env'), undefined)).toBe('missing');
});

test('a load that leaves the root is refused', async () => {
  const result = await load({
    files: [{ uri: join(root, 'c.yaml'), text: 'services: {a: {image: a, env_file: link.env}}' }],
    workingDir: root,
    environment: {},
    reader: fileReader({ root }),
  });
  expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'outside' }] });
});

test('a reader without a root reads with the rights of its process', async () => {
  const outcome = await fileReader().read(join(root, 'link.env'), 1000, undefined);
  expect(outcome.ok).toBe(true);
  const large = await fileReader().read(join(root, 'own.env'), 3, undefined);
  expect(large).toMatchObject({ ok: false, refusal: 'too-large' });
});

test('watched paths are seen through links', async () => {
  const result = await load({
    files: [
      {
        uri: join(root, 'c.yaml'),
        text: 'services: {a: {image: a, develop: {watch: [{path: inner/x, action: rebuild}]}}}',
      },
    ],
    workingDir: root,
    environment: {},
    reader: fileReader(),
  });
  expect(result.ok && result.project.services.a?.develop?.watch?.[0]?.path).toBe(join(root, 'real/x'));
});
