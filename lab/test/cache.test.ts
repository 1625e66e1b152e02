import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cached } from '../src/cache.ts';
import { withFileLock } from '../src/file-lock.ts';

describe('the cache', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-cache-'));
    vi.stubEnv('DROVER_LAB_CACHE', folder);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it('builds a thing once, however many want it, and anew when its recipe changes', async () => {
    let builds = 0;
    const want = (recipe: string) =>
      cached('things', 'one', recipe, async (unfinished) => {
        builds += 1;
        await writeFile(join(unfinished, 'content'), recipe);
      });
    const folders = await Promise.all([want('a'), want('a'), want('b')]);
    expect(builds).toBe(2);
    expect(folders[0]).toBe(folders[1]);
    expect(await readFile(join(folders[2]!, 'content'), 'utf8')).toBe('b');
  });

  it('leaves nothing of a build that failed', async () => {
    const failing = cached('things', 'one', 'a', async (unfinished) => {
      await writeFile(join(unfinished, 'half'), '');
      throw new Error('no space');
    });
    await expect(failing).rejects.toThrow('no space');
    expect(await readdir(join(folder, 'things'))).toEqual([]);
  });

  it('lets one holder of a lock in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = () =>
      withFileLock(join(folder, 'lock'), async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside -= 1;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
  });
});
