import { expect, it } from 'vitest';
import { firstOf, type GetSubject, textOf, withContainer } from './subject.ts';

/** Logs and archives. */
export function outputContract(get: GetSubject): void {
  it('reads the last lines, with their times, and of one stream', async () => {
    const { engine } = get();
    await withContainer(get(), 'echo one; echo two; echo three >&2', {}, async (container) => {
      await engine.containers.start(container);
      await engine.containers.wait(container);
      expect(await textOf(engine.containers.logs(container, { tail: 0 }))).toBe('');
      expect((await textOf(engine.containers.logs(container, { tail: 2 }))).split('\n')).toHaveLength(3);
      expect(await textOf(engine.containers.logs(container, { stdout: false }))).toBe('three\n');
      expect(await textOf(engine.containers.logs(container, { timestamps: true, stderr: false }))).toMatch(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z one\n\d{4}-.*Z two\n$/,
      );
    });
  });

  it('follows until the container ends', async () => {
    const { engine } = get();
    await withContainer(get(), 'echo early; sleep 1; echo late', {}, async (container) => {
      await engine.containers.start(container);
      expect(await textOf(engine.containers.logs(container, { follow: true }))).toBe('early\nlate\n');
    });
  });

  it('stops following when it is told to', async () => {
    const { engine } = get();
    await withContainer(get(), 'echo early; sleep 300', {}, async (container) => {
      await engine.containers.start(container);
      await expect(
        textOf(engine.containers.logs(container, { follow: true, signal: AbortSignal.timeout(300) })),
      ).rejects.toMatchObject({
        code: 'aborted',
      });
      const first = await firstOf(engine.containers.logs(container, { follow: true }), () => true);
      expect(Buffer.from(first.data).toString()).toBe('early\n');
    });
  });

  it('fails for a container that is not there', async () => {
    const { engine } = get();
    await expect(textOf(engine.containers.logs('no-such-container'))).rejects.toMatchObject({ code: 'not-found' });
  });
}
