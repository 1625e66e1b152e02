import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { composeKeysPage } from './compose-keys-page.ts';
import { collectShownBy, elsewhere, unwritable } from './shown-by.ts';
import { modelKeys } from './stage/model-keys.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('every key of the model is shown by a test', async () => {
  const shown = await collectShownBy();
  const writable = modelKeys().filter((key) => !unwritable.some((pattern) => pattern.test(key)));
  expect(writable.filter((key) => !shown.has(key))).toEqual([]);
});

test('what is named by hand is a key of the model, and the text that holds it is where it is said to be', () => {
  const known = new Set(modelKeys());
  for (const [key, { test: file, text }] of Object.entries(elsewhere)) {
    expect(known.has(key), key).toBe(true);
    expect(existsSync(`${root}${file}`), file).toBe(true);
    expect(readFileSync(`${root}${file}`, 'utf8'), `${key} in ${file}`).toContain(text);
  }
});

test('docs/compose-keys.md is what the table of verdicts and the tests say', async () => {
  const written = readFileSync(`${root}docs/compose-keys.md`, 'utf8');
  expect(written, 'node bootstrap/run.mjs test/fields/write-compose-keys.ts').toBe(await composeKeysPage());
});
