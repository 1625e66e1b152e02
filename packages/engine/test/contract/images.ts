import { expect, it } from 'vitest';
import { freshName, type GetSubject, withContainer } from './subject.ts';

/** Images. */
export function imageContract(get: GetSubject): void {
  it('reads, lists, tags and untags', async () => {
    const { engine, image } = get();
    const inspected = await engine.images.inspect(image);
    expect(inspected).toMatchObject({ Id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), Os: 'linux' });
    const name = freshName('contract');
    await engine.images.tag(image, `${name}:2`);
    expect((await engine.images.inspect(`${name}:2`)).Id).toBe(inspected.Id);
    expect((await engine.images.list({ filters: { reference: [`${name}:2`] } })).map((entry) => entry.Id)).toEqual([
      inspected.Id,
    ]);
    expect(await engine.images.remove(`${name}:2`)).toEqual([{ Untagged: `${name}:2` }]);
    await expect(engine.images.inspect(`${name}:2`)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(`No such image: ${name}:2`),
    });
    expect((await engine.images.history(image)).length).toBeGreaterThan(0);
  });

  it('does not remove an image that a container uses', async () => {
    const { engine, image } = get();
    await withContainer(get(), 'true', {}, async () => {
      const { Id } = await engine.images.inspect(image);
      await expect(engine.images.remove(Id)).rejects.toMatchObject({ code: 'conflict' });
    });
  });

  it('saves and loads', async () => {
    const { engine, image } = get();
    const name = `${freshName('contract')}:1`;
    await engine.images.tag(image, name);
    const { Id } = await engine.images.inspect(name);
    const saved = await engine.images.save([name]);
    const parts: Uint8Array[] = [];
    for await (const part of saved) parts.push(part as Uint8Array);
    await engine.images.remove(name);
    let told = '';
    for await (const progress of engine.images.load(Buffer.concat(parts))) told += progress.stream ?? '';
    expect(told).toContain(`Loaded image: ${name}`);
    expect((await engine.images.inspect(name)).Id).toBe(Id);
    await engine.images.remove(name);
  });

  it('throws from the pull of what is not there', async () => {
    const { engine } = get();
    const pulling = (async () => {
      for await (const progress of engine.images.pull(`${freshName('absent')}:1`)) expect(progress).toBeDefined();
    })();
    await expect(pulling).rejects.toMatchObject({
      name: 'EngineError',
      message: expect.stringMatching(/^pulling absent-/),
    });
  });

  it('pulls with progress', async ({ skip }) => {
    const { engine, pullable } = get();
    if (pullable === null) return skip('no registry to pull from');
    const lines: string[] = [];
    for await (const progress of engine.images.pull(pullable)) lines.push(progress.status ?? '');
    expect(lines.at(-1)).toMatch(/^Status: (Downloaded newer image|Image is up to date) for /);
    expect((await engine.images.inspect(pullable)).RepoTags?.length).toBeGreaterThan(0);
  });
}
