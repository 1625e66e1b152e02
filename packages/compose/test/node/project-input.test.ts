import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { load } from '../../src/index.ts';
import { type ProjectOptions, projectInput } from '../../src/node/project-input.ts';

let root = '';

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'drover-compose-')), 'shop');
  mkdirSync(root);
});

afterEach(() => rmSync(dirname(root), { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function loaded(
  options: Partial<ProjectOptions> = {},
): Promise<{ name: string; image: string; files: string[] }> {
  const found = await projectInput({ cwd: root, environment: {}, ...options });
  if (!found.ok) throw new Error(found.diagnostics[0]?.message);
  const result = await load(found.input);
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  const { project } = result;
  return {
    name: project.name,
    image: project.services.a?.image ?? '',
    files: project.composeFiles.map((file) => file.replace(`${root}/`, '')),
  };
}

const service = 'services: {a: {image: "a:${TAG:-none}"}}';

test('finds the file of the folder, with its override, or that of a folder above', async () => {
  write({
    'compose.yaml': service,
    'docker-compose.yml': 'x',
    'compose.override.yaml': 'services: {a: {image: over}}',
    'deep/er/x': '',
  });
  const found = { name: 'shop', image: 'over', files: ['compose.yaml', 'compose.override.yaml'] };
  expect(await loaded()).toEqual(found);
  expect(await loaded({ cwd: join(root, 'deep/er') })).toEqual(found);
  const { diagnostics } = await projectInput({ cwd: root, environment: {} });
  expect(diagnostics[0]?.message).toContain('compose.yaml is taken');
});

test('takes .env of the folder, then of the project; the environment wins', async () => {
  write({
    '.env': 'COMPOSE_FILE=sub/c.yaml\nTAG=outer',
    'sub/c.yaml': service,
    'sub/.env': 'TAG=inner\nCOMPOSE_PROJECT_NAME=named',
  });
  expect(await loaded()).toEqual({ name: 'named', image: 'a:outer', files: ['sub/c.yaml'] });
  expect(await loaded({ files: ['sub/c.yaml'] })).toMatchObject({ image: 'a:inner' });
  expect(await loaded({ environment: { TAG: 'os' } })).toMatchObject({ image: 'a:os' });
  expect(await loaded({ files: ['sub/c.yaml'], environment: { COMPOSE_DISABLE_ENV_FILE: '1' } })).toMatchObject({
    image: 'a:none',
    name: 'sub',
  });
});

test('--env-file replaces .env; of two the later one wins', async () => {
  write({ 'compose.yaml': service, '.env': 'TAG=dot', one: 'TAG=one\n', two: 'TAG=${TAG}-two\n' });
  expect(await loaded({ envFiles: ['one'] })).toMatchObject({ image: 'a:one' });
  expect(await loaded({ envFiles: ['one', 'two'] })).toMatchObject({ image: 'a:one-two' });
  expect(await loaded({ environment: { COMPOSE_ENV_FILES: 'one,two' } })).toMatchObject({ image: 'a:one-two' });
  const missing = await projectInput({ cwd: root, environment: {}, envFiles: ['none'] });
  expect(missing).toMatchObject({ ok: false, diagnostics: [{ code: 'not-found' }] });
});

test('--project-directory moves paths and name, not the files', async () => {
  write({ 'compose.yaml': service, 'other/.env': 'TAG=other' });
  expect(await loaded({ files: ['compose.yaml'], projectDirectory: 'other' })).toEqual({
    name: 'other',
    image: 'a:other',
    files: ['compose.yaml'],
  });
});

test('profiles come from the command line or from COMPOSE_PROFILES', async () => {
  write({ 'compose.yaml': service });
  const profiles = async (options: Partial<ProjectOptions>): Promise<readonly string[] | undefined> => {
    const found = await projectInput({ cwd: root, environment: {}, ...options });
    return found.ok ? found.input.profiles : undefined;
  };
  expect(await profiles({ environment: { COMPOSE_PROFILES: 'a, b' } })).toEqual(['a', 'b']);
  expect(await profiles({ environment: { COMPOSE_PROFILES: 'a' }, profiles: ['c'] })).toEqual(['c']);
});

test('standard input is a file', async () => {
  expect(await loaded({ files: ['-'], readStdin: async () => service })).toEqual({
    name: 'shop',
    image: 'a:none',
    files: ['-'],
  });
});

test('without a file it says so', async () => {
  const found = await projectInput({ cwd: root, environment: {} });
  expect(found.ok ? '' : found.diagnostics[0]?.message).toContain('there is no Compose file in');
});
