import { speaks } from '@drover/engine';
import { expect, it } from 'vitest';
import { freshName, type GetSubject, withContainer } from './subject.ts';

/** Networks, and containers on them. */
export function networkContract(get: GetSubject): void {
  const withNetwork = async (use: (name: string, id: string) => Promise<void>) => {
    const { engine } = get();
    const name = freshName('contract');
    const { Id } = await engine.networks.create({ Name: name, Labels: { job: name } });
    try {
      await use(name, Id);
    } finally {
      await engine.networks.remove(Id).catch(() => {});
    }
  };

  it('creates, reads, lists and removes', async () => {
    const { engine } = get();
    await withNetwork(async (name, id) => {
      const network = await engine.networks.inspect(name);
      expect(network).toMatchObject({
        Name: name,
        Id: id,
        Driver: 'bridge',
        Scope: 'local',
        Internal: false,
        Labels: { job: name },
      });
      expect(network.IPAM.Config?.[0]?.Subnet).toMatch(/^\d+\.\d+\.\d+\.\d+\/\d+$/);
      expect((await engine.networks.list({ filters: { label: [`job=${name}`] } })).map((entry) => entry.Id)).toEqual([
        id,
      ]);
      await expect(engine.networks.create({ Name: name })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(`creating network ${name}: network with name ${name} already exists`),
      });
      await engine.networks.remove(id);
      await expect(engine.networks.inspect(id)).rejects.toMatchObject({ code: 'not-found' });
      await expect(engine.networks.remove(id)).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  it('joins a container at its creation, with aliases, and counts it only while it runs', async () => {
    const { engine } = get();
    await withNetwork(async (name, id) => {
      const body = {
        HostConfig: { NetworkMode: name },
        NetworkingConfig: { EndpointsConfig: { [name]: { Aliases: ['db'] } } },
      };
      await withContainer(get(), 'sleep 300', body, async (container, containerName) => {
        expect((await engine.networks.inspect(id)).Containers).toEqual({});
        await engine.containers.start(container);
        const inspected = await engine.containers.inspect(container);
        expect(inspected.HostConfig.NetworkMode).toBe(name);
        const endpoint = inspected.NetworkSettings.Networks[name];
        expect(endpoint?.NetworkID).toBe(id);
        expect(endpoint?.Aliases).toContain('db');
        expect(endpoint?.IPAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
        const members = (await engine.networks.inspect(id)).Containers ?? {};
        expect(Object.keys(members)).toEqual([container]);
        expect(members[container]?.Name).toBe(containerName);
        await expect(engine.networks.remove(id)).rejects.toMatchObject({ code: 'forbidden' });
      });
    });
  });

  it('connects and disconnects a container that stands', async () => {
    const { engine } = get();
    await withNetwork(async (name, id) => {
      await withContainer(get(), 'sleep 300', {}, async (container) => {
        const networks = async () =>
          Object.keys((await engine.containers.inspect(container)).NetworkSettings.Networks).sort();
        await engine.networks.connect(id, container, { Aliases: ['before'] });
        expect(await networks()).toEqual(['bridge', name].sort());
        await engine.containers.start(container);
        await expect(engine.networks.connect(id, container)).rejects.toMatchObject({ code: 'forbidden' });
        await engine.networks.disconnect(id, container);
        expect(await networks()).toEqual(['bridge']);
        await engine.networks.connect(id, container, { Aliases: ['after'] });
        expect((await engine.containers.inspect(container)).NetworkSettings.Networks[name]?.Aliases).toContain('after');
      });
    });
  });

  it('takes several networks at once from API 1.44 on, and refuses them before', async () => {
    const { engine, image } = get();
    await withNetwork(async (first) => {
      await withNetwork(async (second) => {
        const body = {
          Image: image,
          Cmd: ['sleep', '300'],
          HostConfig: { NetworkMode: first },
          NetworkingConfig: { EndpointsConfig: { [first]: {}, [second]: {} } },
        };
        const creating = engine.containers.create(body);
        if (speaks(await engine.apiVersion(), '1.44')) {
          const { Id } = await creating;
          const { NetworkSettings } = await engine.containers.inspect(Id);
          expect(Object.keys(NetworkSettings.Networks).sort()).toEqual([first, second].sort());
          await engine.containers.remove(Id, { force: true });
        } else {
          await expect(creating).rejects.toMatchObject({ code: 'bad-request' });
        }
      });
    });
  });

  it('shares the network of another container', async () => {
    const { engine } = get();
    await withContainer(get(), 'sleep 300', {}, async (owner) => {
      await engine.containers.start(owner);
      await withContainer(get(), 'sleep 300', { HostConfig: { NetworkMode: `container:${owner}` } }, async (guest) => {
        await engine.containers.start(guest);
        const inspected = await engine.containers.inspect(guest);
        expect(inspected.HostConfig.NetworkMode).toBe(`container:${owner}`);
        expect(inspected.NetworkSettings.Networks).toEqual({});
      });
    });
  });

  it('fails the start where the network is gone', async () => {
    const { engine } = get();
    const name = freshName('contract');
    const { Id } = await engine.networks.create({ Name: name });
    await withContainer(get(), 'sleep 300', { HostConfig: { NetworkMode: name } }, async (container) => {
      await engine.networks.remove(Id);
      await expect(engine.containers.start(container)).rejects.toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('not found'),
      });
      expect((await engine.containers.inspect(container)).State.Running).toBe(false);
    });
  });
}
