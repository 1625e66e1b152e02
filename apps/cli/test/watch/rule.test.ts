import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { targetOf, type WatchRule, watchRules } from '../../src/watch/rule.ts';
import { folderWith, projectIn } from './watched-folder.ts';

let folder = '';

beforeAll(async () => {
  folder = await folderWith({ 'src/index.ts': '', 'src/.dockerignore': 'built\n', 'settings.conf': '' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rulesOf(watch: string, services: readonly string[] = [], build = ''): Promise<WatchRule[]> {
  const text = `services: { web: { image: a, ${build} develop: { watch: [${watch}] } }, db: { image: b } }\n`;
  return watchRules(await projectIn(folder, text), services);
}

test('a rule covers what is at or below its path, and neither what is ignored nor what editors leave', async () => {
  const [rule] = await rulesOf('{ path: ./src, action: sync, target: /app, ignore: [node_modules/, "**/*.tmp"] }');
  const covers = (path: string) => rule?.covers(`${folder}/${path}`);
  expect(['src/index.ts', 'src/deep/a.ts', 'src/built/a.js'].map(covers)).toEqual([true, true, true]);
  expect(
    ['other.ts', 'src2/a.ts', 'src/node_modules/a.js', 'src/deep/a.tmp', 'src/a.ts~', 'src/.git/HEAD'].map(covers),
  ).toEqual([false, false, false, false, false, false]);
  expect(['src/node_modules', 'src/deep'].map((path) => rule?.prunes(`${folder}/${path}`))).toEqual([true, false]);
});

test('what .dockerignore keeps out of the build context does not count', async () => {
  const [rule] = await rulesOf('{ path: ./src, action: rebuild }', [], 'build: ./src,');
  expect(rule?.covers(`${folder}/src/built/a.js`)).toBe(false);
  expect(rule?.covers(`${folder}/src/index.ts`)).toBe(true);
});

test('with include, only what it names', async () => {
  const [rule] = await rulesOf('{ path: ./src, action: sync, target: /app, include: ["*.ts", "deep/*.css"] }');
  const covered = ['src/a.ts', 'src/a.css', 'src/deep/a.css'].map((path) => rule?.covers(`${folder}/${path}`));
  expect(covered).toEqual([true, false, true]);
});

test('a file has the place in the container that the target says', async () => {
  const [tree, file] = await rulesOf(
    '{ path: ./src, action: sync, target: /app/ }, { path: ./settings.conf, action: sync+restart, target: /etc/app.conf }',
  );
  expect(tree && targetOf(tree, `${folder}/src/deep/a.ts`)).toBe('/app/deep/a.ts');
  expect(file && [targetOf(file, `${folder}/settings.conf`), file.isFolder]).toEqual(['/etc/app.conf', false]);
});

test('says what cannot be watched, and why', async () => {
  await expect(rulesOf('{ path: ./nowhere, action: restart }')).rejects.toThrow(
    `${folder}/nowhere, which develop.watch of web names, does not exist`,
  );
  await expect(rulesOf('{ path: ./src, action: sync }')).rejects.toThrow(/target/);
  await expect(rulesOf('{ path: ./src, action: rebuild }')).rejects.toThrow('web has no build');
  await expect(rulesOf('{ path: ./src, action: restart }', ['db'])).rejects.toThrow(
    'the service db has nothing under develop.watch',
  );
  await expect(rulesOf('')).rejects.toThrow('no service of shop has anything under develop.watch');
});
