import { Readable } from 'node:stream';
import { extract, pack } from 'tar-stream';
import { expect, it } from 'vitest';
import { type GetSubject, withContainer } from './subject.ts';

/** Files into and out of a container. */
export function archiveContract(get: GetSubject): void {
  it('puts files into a container that never ran, and gets them back', async () => {
    const { engine } = get();
    await withContainer(get(), 'true', {}, async (container) => {
      const archive = pack();
      archive.entry({ name: 'secrets', type: 'directory', mode: 0o755 });
      archive.entry({ name: 'secrets/key', mode: 0o440, uid: 1000, gid: 1001 }, 'a secret');
      archive.finalize();
      await engine.containers.putArchive(container, '/tmp', Readable.from(archive));
      const stat = await engine.containers.statArchive(container, '/tmp/secrets/key');
      expect(stat).toMatchObject({ name: 'key', size: 8 });
      expect(stat.mode & 0o777).toBe(0o440);
      const got = await engine.containers.getArchive(container, '/tmp/secrets');
      expect(got.stat.name).toBe('secrets');
      const files: { [name: string]: string } = {};
      for await (const entry of got.archive.pipe(extract())) {
        const parts: Buffer[] = [];
        for await (const part of entry) parts.push(part as Buffer);
        if (entry.header.type === 'file') files[entry.header.name] = Buffer.concat(parts).toString();
      }
      expect(files).toEqual({ 'secrets/key': 'a secret' });
    });
  });

  it('says which path is not there', async () => {
    const { engine } = get();
    await withContainer(get(), 'true', {}, async (container) => {
      await expect(engine.containers.statArchive(container, '/nowhere')).rejects.toMatchObject({ code: 'not-found' });
      await expect(engine.containers.getArchive(container, '/nowhere')).rejects.toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('/nowhere'),
      });
      await expect(engine.containers.putArchive(container, '/nowhere', Buffer.alloc(1024))).rejects.toMatchObject({
        code: 'not-found',
      });
    });
  });
}
