import { expect, test } from 'vitest';
import { checkSource } from '../src/pages/stack/editor/check.ts';
import {
  newSource,
  pathIn,
  projectNameIn,
  sameSource,
  toInput,
  withText,
} from '../src/pages/stack/editor/source-edit.ts';

const compose = `services:
  web:
    image: nginx:\${TAG}
    imagee: wrong
`;

test('a key that is none is found with its line, column and what was meant', async () => {
  const { diagnostics } = await checkSource({ name: 'shop', source: newSource(compose), variables: [] });
  expect(diagnostics).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      suggestion: 'image',
      origin: { file: '/stack/compose.yaml', line: 4, column: 5 },
    }),
  );
});

test('variables come from .env and from the stack; what nothing gives is named', async () => {
  const source = newSource(compose.replace('    imagee: wrong\n', ''));
  const unset = async (...options: Parameters<typeof checkSource>): Promise<readonly string[]> =>
    (await checkSource(...options)).unset;
  expect(await unset({ name: 'shop', source, variables: [] })).toEqual(['TAG']);
  expect(await unset({ name: 'shop', source: withText(source, '.env', 'TAG=1'), variables: [] })).toEqual([]);
  expect(await unset({ name: 'shop', source, variables: [{ name: 'TAG', value: '2' }] })).toEqual([]);
});

test('a broken .env file is found with its line', async () => {
  const source = withText(newSource('services: { web: { image: a } }'), '.env', 'A=1\nB="no end\n');
  const { diagnostics } = await checkSource({ name: 'shop', source, variables: [] });
  expect(diagnostics).toContainEqual(
    expect.objectContaining({ code: 'env-file', origin: { file: '.env', line: 2, column: 1 } }),
  );
});

test('what the command line gave its values for is not called unset here', async () => {
  const source = { ...newSource(`services: { web: { image: "a:\${TAG:?needed}" } }`), workingDir: '/home/me/shop' };
  const { diagnostics } = await checkSource({ name: 'shop', source, variables: [] });
  expect(diagnostics).toEqual([]);
});

test('a file that cannot be shown is sent back as it came', () => {
  const source = {
    ...newSource('services: {}'),
    files: [
      { path: 'logo.png', text: '', editable: false, sha256: 'a'.repeat(64), size: 10, mode: 0o600 },
      { path: 'now', text: '', editable: false, link: 'releases/3' },
      { path: 'compose.yaml', text: 'services: {}', editable: true, sha256: 'b'.repeat(64), size: 12 },
    ],
  };
  expect(toInput(withText(source, 'compose.yaml', 'name: x')).files).toEqual([
    { path: 'logo.png', sha256: 'a'.repeat(64), size: 10, mode: 0o600 },
    { path: 'now', link: 'releases/3' },
    { path: 'compose.yaml', text: 'name: x' },
  ]);
  expect(sameSource(source, withText(source, 'compose.yaml', 'services: {}'))).toBe(true);
});

test('places and names are found', () => {
  expect(pathIn(newSource(''), '/var/lib/drover/stacks/shop/compose.yaml')).toBe('compose.yaml');
  expect(pathIn(newSource(''), '/elsewhere/other.yaml')).toBeUndefined();
  expect(projectNameIn('# top\nname: "shop"\nservices: {}\n')).toBe('shop');
  expect(projectNameIn('services:\n  name: x\n')).toBeUndefined();
});
