import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { scenarioLab } from './stage/scenario.ts';

const { scenario } = scenarioLab(['28'], ['busybox']);

scenario(
  'local files are brought into running services as they are saved',
  { files: 'watch', timeoutMs: 600_000 },
  async (stage) => {
    const inside = async (container: string, ...command: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await stage.host.exec(['docker', 'exec', `watch-${container}`, ...command]);
      return exitCode === 0 ? stdout.trim() : `failed: ${stderr.trim()}`;
    };
    const becomes = (what: string, probe: () => Promise<string>, expected: string | RegExp): Promise<void> =>
      expect.poll(probe, { timeout: 20_000, interval: 100, message: what }).toMatch(expected);
    await stage.host.exec(['docker', 'pull', '-q', 'busybox']);

    const watch = stage.startDrover(['watch', '--progress', 'plain']);
    await watch.said(/Watching api, web; Ctrl-C ends it\./);
    for (const container of ['web-1', 'web-2'])
      expect(await inside(container, 'cat', '/srv/web/index.html')).toBe('first');

    await stage.write('web/index.html', 'second\n');
    await becomes('a saved file', () => inside('web-2', 'cat', '/srv/web/index.html'), /^second$/);
    await stage.write('web/deep/er/page.html', 'deep\n');
    await becomes('a file in new folders', () => inside('web-1', 'cat', '/srv/web/deep/er/page.html'), /^deep$/);
    await mkdir(join(stage.folder, 'web/node_modules'));
    await stage.write('web/node_modules/left.js', 'no\n');
    await stage.write('web/today.log', 'no\n');
    await rm(join(stage.folder, 'web/index.html'));
    await becomes('a removed file', () => inside('web-1', 'ls', '/srv/web'), /^deep$/);
    await rm(join(stage.folder, 'web/deep'), { recursive: true });
    await becomes('a removed folder', () => inside('web-2', 'find', '/srv/web', '-type', 'f'), /^$/);

    await stage.write('settings.conf', 'a=2\n');
    await becomes('a command after a file', () => inside('web-2', 'cat', '/seen'), /^a=2\nsaid$/);

    const startedBefore = await inside('web-1', 'cat', '/started');
    await stage.write('restart.txt', 'again\n');
    await watch.said(/web: 1 written[\s\S]*web: 1 written[\s\S]*restart/i);
    await becomes('a restart after a file', () => inside('web-1', 'cat', '/etc/restart.txt'), /^again$/);
    await becomes(
      'the start',
      async () => String((await inside('web-1', 'cat', '/started')) > startedBefore),
      /^true$/,
    );

    const [before] = await stage.engine.service('watch', 'api');
    await stage.write('api/ignored.md', 'not a text\n');
    await stage.write('api/page.txt', 'two\n');
    await becomes('a rebuilt image', () => inside('api-1', 'cat', '/page.txt'), /^two$/);
    const [after] = await stage.engine.service('watch', 'api');
    expect(after?.id).not.toBe(before?.id);

    watch.signal('SIGINT');
    expect((await watch.result).exitCode).toBe(0);
    const none = await stage.drover(['watch', '--no-up', 'nothing']);
    expect(none.exitCode).not.toBe(0);
  },
);
