import { expect, it } from 'vitest';
import { freshName, type GetSubject, withContainer } from './subject.ts';

/** Volumes, and containers that use them. */
export function volumeContract(get: GetSubject): void {
  it('creates, reads, lists and removes; a second create answers the first', async () => {
    const { engine } = get();
    const name = freshName('contract');
    const made = await engine.volumes.create({ Name: name, Labels: { job: name } });
    expect(made).toMatchObject({ Name: name, Driver: 'local', Scope: 'local', Labels: { job: name } });
    expect((await engine.volumes.create({ Name: name, Labels: { other: 'x' } })).Labels).toEqual({ job: name });
    expect(await engine.volumes.inspect(name)).toMatchObject({ Name: name, Mountpoint: made.Mountpoint });
    expect(
      (await engine.volumes.list({ filters: { label: [`job=${name}`] } })).Volumes.map((volume) => volume.Name),
    ).toEqual([name]);
    await engine.volumes.remove(name);
    await expect(engine.volumes.inspect(name)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(`reading volume ${name}: get ${name}: no such volume`),
    });
    await expect(engine.volumes.remove(name)).rejects.toMatchObject({ code: 'not-found' });
    await engine.volumes.remove(name, { force: true });
  });

  it('makes the volumes that a container names, and keeps named ones with it gone', async () => {
    const { engine } = get();
    const name = freshName('contract');
    await withContainer(
      get(),
      'sleep 300',
      { HostConfig: { Binds: [`${name}:/data:ro`] }, Volumes: { '/anonymous': {} } },
      async (container) => {
        const { Mounts } = await engine.containers.inspect(container);
        expect(Mounts.find((mount) => mount.Destination === '/data')).toMatchObject({
          Type: 'volume',
          Name: name,
          Driver: 'local',
          RW: false,
        });
        const anonymous = Mounts.find((mount) => mount.Destination === '/anonymous');
        expect(anonymous).toMatchObject({ Type: 'volume', Name: expect.stringMatching(/^[0-9a-f]{64}$/), RW: true });
        await expect(engine.volumes.remove(name)).rejects.toMatchObject({
          code: 'conflict',
          message: expect.stringContaining('volume is in use'),
        });
        await engine.containers.remove(container, { volumes: true });
        expect((await engine.volumes.inspect(name)).Name).toBe(name);
        await expect(engine.volumes.inspect(anonymous?.Name ?? '')).rejects.toMatchObject({ code: 'not-found' });
      },
    );
    await engine.volumes.remove(name);
  });

  it('mounts by the long form', async () => {
    const { engine } = get();
    const name = freshName('contract');
    const Mounts = [
      { Type: 'volume' as const, Source: name, Target: '/data', VolumeOptions: { Labels: { job: name } } },
      { Type: 'tmpfs' as const, Target: '/scratch' },
    ];
    await withContainer(get(), 'sleep 300', { HostConfig: { Mounts } }, async (container) => {
      const inspected = await engine.containers.inspect(container);
      expect(inspected.Mounts.find((mount) => mount.Destination === '/data')).toMatchObject({
        Type: 'volume',
        Name: name,
        RW: true,
      });
      expect(inspected.HostConfig.Mounts).toMatchObject(Mounts);
      expect((await engine.volumes.inspect(name)).Labels).toEqual({ job: name });
    });
    await engine.volumes.remove(name);
  });

  it('refuses a name that is not one', async () => {
    const { engine } = get();
    await expect(engine.volumes.create({ Name: '../x' })).rejects.toMatchObject({ code: 'bad-request' });
  });
}
