import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../src/version.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover bin '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (program: string, args: readonly string[], options: object = {}) =>
  spawnSync(program, args, { encoding: 'utf8', cwd: folder, ...options });

test('drover starts from anywhere, through relative and absolute symbolic links, and from the PATH', () => {
  mkdirSync(join(folder, 'links'));
  symlinkSync(join(root, 'bin', 'drover'), join(folder, 'links', 'absolute'));
  symlinkSync('links/absolute', join(folder, 'relative'));
  for (const program of [join(root, 'bin', 'drover'), './relative', join(folder, 'links', 'absolute')]) {
    const done = run(program, ['--version']);
    expect([done.stdout, done.stderr, done.status], program).toEqual([`drover ${version}\n`, '', 0]);
  }
  const done = run('absolute', ['--version'], { env: { ...process.env, PATH: `${folder}/links:${process.env.PATH}` } });
  expect(done.stdout).toBe(`drover ${version}\n`);
}, 30_000);

test('arguments reach it as they are', () => {
  const done = run(join(root, 'bin', 'drover'), ['$(id) "; *', 'x']);
  expect(done.stderr).toMatch(/^drover: there is no command "\$\(id\) "; \*"\./);
  expect(done.status).toBe(64);
}, 30_000);

test('without dependencies it says what to run', () => {
  mkdirSync(join(folder, 'bare', 'bin'), { recursive: true });
  copyFileSync(join(root, 'bin', 'drover'), join(folder, 'bare', 'bin', 'drover'));
  const done = run('sh', [join(folder, 'bare', 'bin', 'drover'), 'ls']);
  expect(done.status).toBe(1);
  expect(done.stderr).toBe(
    `drover: its dependencies are not installed: run 'npm ci' (or 'npm start', which also starts Drover) in ${folder}/bare\n`,
  );
});

test('a bundle is current until a source changes or goes', () => {
  const home = join(folder, 'repository');
  for (const part of ['bootstrap', 'dist/cli', 'src']) mkdirSync(join(home, part), { recursive: true });
  copyFileSync(join(root, 'bootstrap', 'bundle-state.cjs'), join(home, 'bootstrap', 'bundle-state.cjs'));
  const state = createRequire(import.meta.url)(join(home, 'bootstrap', 'bundle-state.cjs')) as {
    currentBundle(app: string): { main: string } | undefined;
    signatureOf(file: string): string;
  };
  expect(state.currentBundle('cli')).toBeUndefined();
  writeFileSync(join(home, 'src', 'a.ts'), 'one');
  const sources = { 'src/a.ts': state.signatureOf('src/a.ts') };
  writeFileSync(join(home, 'dist', 'cli', 'current.json'), JSON.stringify({ main: 'v1/main.cjs', sources }));
  expect(state.currentBundle('cli')?.main).toBe(join(home, 'dist', 'cli', 'v1', 'main.cjs'));
  utimesSync(join(home, 'src', 'a.ts'), new Date(), new Date(Date.now() + 5000));
  expect(state.currentBundle('cli')).toBeUndefined();
  writeFileSync(
    join(home, 'dist', 'cli', 'current.json'),
    JSON.stringify({ main: 'v1/main.cjs', sources: { 'src/b.ts': '1:1' } }),
  );
  expect(state.currentBundle('cli')).toBeUndefined();
  writeFileSync(join(home, 'dist', 'cli', 'current.json'), '{');
  expect(state.currentBundle('cli')).toBeUndefined();
});
