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
import { verdictFindings } from '../src/pages/stack/editor/verdict-findings.ts';

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

test('every field of sound files has a verdict on both targets; files with errors have none', async () => {
  const text = `services:
  web:
    image: nginx
    privileged: true
    attach: false
`;
  const { verdicts, diagnostics } = await checkSource({ name: 'shop', source: newSource(text), variables: [] });
  expect(verdicts?.engine.counts).toMatchObject({ ignored: 1, emulated: 0, refused: 0 });
  expect(verdicts?.swarm.counts).toMatchObject({ ignored: 1, emulated: 1, refused: 0 });
  const marks = verdictFindings(verdicts?.swarm, diagnostics);
  expect(marks.map(({ severity, origin }) => `${severity} ${origin?.line}:${origin?.column}`)).toEqual([
    'warning 5:13',
    'info 4:17',
  ]);
  // What the server says of a plan already is not marked twice.
  expect(verdictFindings(verdicts?.swarm, marks)).toEqual([]);
  expect((await checkSource({ name: 'shop', source: newSource(compose), variables: [] })).verdicts).toBeUndefined();
});

test('what the engine is too old for is refused here, too', async () => {
  const source = newSource('services: {web: {image: a, healthcheck: {test: [CMD, a], start_interval: 1s}}}');
  const refused = async (apiVersion: string): Promise<number | undefined> =>
    (await checkSource({ name: 'shop', source, variables: [], facts: { apiVersion } })).verdicts?.engine.counts.refused;
  expect([await refused('1.43'), await refused('1.44')]).toEqual([1, 0]);
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
