import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ChangeQueue } from '../../src/watch/change-queue.ts';
import { watchRules } from '../../src/watch/rule.ts';
import { type WatchActions, WatchSession } from '../../src/watch/watch-session.ts';
import { folderWith, projectIn, writeInto } from './watched-folder.ts';

let folder = '';
let done: string[] = [];
let said: string[] = [];
let failing: string | undefined;
let stop: () => Promise<void> = async () => {};

beforeEach(async () => {
  folder = await folderWith({ 'web/index.html': '1', 'app.conf': '1', 'api/Dockerfile': '', 'touch.txt': '' });
  done = [];
  said = [];
  failing = undefined;
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

const note = async (line: string): Promise<void> => {
  if (line === failing) throw new Error('it is broken');
  done.push(line);
};
const actions: WatchActions = {
  sync: (service, { files, remove }) => note(`sync ${service} +${[...files.keys()].join(',')} -${remove.join(',')}`),
  rebuild: (service) => note(`rebuild ${service}`),
  restart: (service) => note(`restart ${service}`),
  exec: ({ service, exec }) => note(`exec ${service} ${exec.command?.join(' ')}`),
};

async function watching(watch: string): Promise<void> {
  const text = `services: { web: { image: a, build: ./api, develop: { watch: [${watch}] } } }\n`;
  const rules = await watchRules(await projectIn(folder, text), []);
  const ended = new AbortController();
  const queue = new ChangeQueue({ quietMs: 60 });
  const session = new WatchSession({ rules, actions, say: (line) => said.push(line), queue });
  const run = session.run(ended.signal);
  stop = async () => {
    ended.abort();
    await run;
  };
  await expect.poll(() => said.join()).toContain('Watching web');
}

const becomes = (lines: readonly string[]) => expect.poll(() => done, { timeout: 5_000 }).toEqual(lines);
const tree = '{ path: ./web, action: sync, target: /srv, ignore: [node_modules/] }';

test('saved, new, moved and removed files are synchronised, and ignored ones are not', async () => {
  await watching(tree);
  await writeInto(folder, 'web/index.html', '2');
  await becomes(['sync web +/srv/index.html -']);
  done = [];
  await mkdir(join(folder, 'web/node_modules'));
  await writeInto(folder, 'web/node_modules/left.js', '');
  await writeInto(folder, 'web/a/b/page.html', '');
  await becomes(['sync web +/srv/a/b/page.html -']);
  done = [];
  await rename(join(folder, 'web/a/b/page.html'), join(folder, 'web/a/b/other.html'));
  await becomes(['sync web +/srv/a/b/other.html -/srv/a/b/page.html']);
  done = [];
  await rm(join(folder, 'web/a'), { recursive: true });
  await expect.poll(() => done.join(' '), { timeout: 5_000 }).toMatch(/-(?:.*,)?\/srv\/a(?:,|$)/);
});

test('a folder that came back is watched again', async () => {
  await watching(tree);
  await rename(join(folder, 'web'), join(folder, 'gone')).catch(() => {});
  await rename(join(folder, 'gone'), join(folder, 'web'));
  await writeInto(folder, 'web/sub/one.html', '');
  await expect.poll(() => done.join(' '), { timeout: 5_000 }).toContain('/srv/sub/one.html');
  await rm(join(folder, 'web/sub'), { recursive: true });
  await writeInto(folder, 'web/sub/two.html', '');
  await expect.poll(() => done.join(' '), { timeout: 5_000 }).toContain('/srv/sub/two.html');
});

test('initial_sync writes everything first; a restart or a command follows the files that it is for', async () => {
  await watching(
    [
      '{ path: ./web, action: sync, target: /srv, initial_sync: true }',
      '{ path: ./app.conf, action: sync+exec, target: /etc/app.conf, exec: { command: [reload] } }',
      '{ path: ./touch.txt, action: restart }',
    ].join(', '),
  );
  expect(done).toEqual(['sync web +/srv/index.html -']);
  done = [];
  await writeInto(folder, 'app.conf', '2');
  await becomes(['sync web +/etc/app.conf -', 'exec web reload']);
  done = [];
  await writeInto(folder, 'touch.txt', '2');
  await becomes(['restart web']);
});

test('a rebuild stands for everything else of its batch, and initial_sync follows it', async () => {
  await watching(`{ path: ./api, action: rebuild }, ${tree.replace('sync,', 'sync, initial_sync: true,')}`);
  done = [];
  await Promise.all([writeInto(folder, 'api/Dockerfile', 'FROM b'), writeInto(folder, 'web/index.html', '3')]);
  await becomes(['rebuild web', 'sync web +/srv/index.html -']);
});

test('what fails is said, the command after it does not run, and the watch goes on', async () => {
  failing = 'sync web +/etc/app.conf -';
  await watching('{ path: ./app.conf, action: sync+restart, target: /etc/app.conf }');
  await writeInto(folder, 'app.conf', '2');
  await expect
    .poll(() => said, { timeout: 5_000 })
    .toContain(`synchronising ${folder}/app.conf with web: it is broken`);
  expect(done).toEqual([]);
  failing = undefined;
  await writeInto(folder, 'app.conf', '3');
  await becomes(['sync web +/etc/app.conf -', 'restart web']);
});
