import { expect, it } from 'vitest';
import { freshName } from '../subject.ts';
import { type GetSwarm, serviceOf, until, withService } from './subject.ts';

const data = Buffer.from('content').toString('base64');

/** Secrets and configs. */
export function blobContract(get: GetSwarm): void {
  it.each(['secrets', 'configs'] as const)(
    '%s are made once, have labels that change, and a content that does not',
    async (kind) => {
      const blobs = get().manager[kind];
      const one = kind.slice(0, -1);
      const Name = freshName('contract');
      const id = await blobs.create({ Name, Labels: { job: Name }, Data: data });
      await expect(blobs.create({ Name, Data: data })).rejects.toMatchObject({
        code: 'conflict',
        message: `creating ${one} ${Name}: ${one} ${Name} already exists`,
      });
      await expect(blobs.create({ Name: '-', Data: data })).rejects.toMatchObject({
        code: 'bad-request',
        reason: expect.stringContaining('invalid name, only 64 [a-zA-Z0-9-_.] characters allowed'),
      });
      await expect(blobs.create({ Name: `${Name}-2` })).rejects.toMatchObject({
        code: 'bad-request',
        reason: expect.stringContaining(`${one} data must be larger than 0 and less than`),
      });
      const read = await blobs.inspect(Name);
      expect(read).toMatchObject({ ID: id, Spec: { Name, Labels: { job: Name } } });
      expect('Data' in read.Spec ? read.Spec.Data : null).toBe(kind === 'secrets' ? null : data);
      expect((await blobs.list({ filters: { label: [`job=${Name}`] } })).map(({ ID }) => ID)).toEqual([id]);
      const version = read.Version.Index;
      const changed = { Name, Labels: { job: Name }, Data: 'b3RoZXI=' };
      await expect(blobs.update(id, version, changed)).rejects.toMatchObject({
        code: 'bad-request',
        reason: 'only updates to Labels are allowed',
      });
      await blobs.update(id, version, { Name, Labels: { other: '1' } });
      await expect(blobs.update(id, version, { Name, Labels: {} })).rejects.toMatchObject({ code: 'version-conflict' });
      expect((await blobs.inspect(id)).Spec.Labels).toEqual({ other: '1' });
      await blobs.remove(Name);
      await expect(blobs.inspect(id)).rejects.toMatchObject({ code: 'not-found', reason: `${one} ${id} not found` });
      await expect(blobs.remove(id)).rejects.toMatchObject({ code: 'not-found' });
    },
  );

  it('what a service names cannot be removed, nor an overlay network', async () => {
    const subject = get();
    const { manager } = subject;
    const Name = freshName('contract');
    const SecretID = await manager.secrets.create({ Name, Data: data });
    const ConfigID = await manager.configs.create({ Name, Data: data });
    const { Id } = await manager.networks.create({ Name, Driver: 'overlay', Attachable: true });
    // Its driver and its addresses are given to it a moment later.
    const network = await until(
      () => manager.networks.inspect(Id),
      ({ Driver, IPAM }) => Driver !== '' && (IPAM.Config?.length ?? 0) > 0,
    );
    expect(network).toMatchObject({ Name, Driver: 'overlay', Scope: 'swarm', Attachable: true, Ingress: false });
    expect(network.IPAM.Config?.[0]?.Subnet).toMatch(/^10\.\d+\.\d+\.0\/24$/);
    await expect(manager.networks.create({ Name, Driver: 'overlay' })).rejects.toMatchObject({
      code: 'conflict',
      reason: `network with name ${Name} already exists`,
    });
    const File = { Name: 'here', UID: '0', GID: '0', Mode: 0o444 };
    const task = {
      Networks: [{ Target: Name }],
      ContainerSpec: {
        Secrets: [{ SecretID, SecretName: Name, File }],
        Configs: [{ ConfigID, ConfigName: Name, File: { ...File, Name: '/there' } }],
      },
    };
    const spec = serviceOf(subject, 'sleep 300', { Mode: { Replicated: { Replicas: 0 } } }, task);
    await withService(subject, spec, async (service, serviceId) => {
      expect((await manager.services.inspect(service)).Spec.TaskTemplate?.Networks).toEqual([{ Target: Id }]);
      await expect(manager.secrets.remove(Name)).rejects.toMatchObject({
        code: 'bad-request',
        reason: `secret '${Name}' is in use by the following service: ${service}`,
      });
      await expect(manager.configs.remove(Name)).rejects.toMatchObject({
        code: 'bad-request',
        reason: `config '${Name}' is in use by the following service: ${service}`,
      });
      await expect(manager.networks.remove(Name)).rejects.toMatchObject({
        code: 'bad-request',
        reason: `network ${Id} is in use by service ${serviceId}`,
      });
      const wrong = { ...task.ContainerSpec, Secrets: [{ SecretID, SecretName: 'other', File }] };
      await expect(
        manager.services.create(serviceOf(subject, 'true', {}, { ContainerSpec: wrong })),
      ).rejects.toMatchObject({ code: 'bad-request', reason: 'secret not found: other' });
    });
    await manager.secrets.remove(SecretID);
    await manager.configs.remove(ConfigID);
    await manager.networks.remove(Id);
    await expect(manager.networks.inspect(Id)).rejects.toMatchObject({ code: 'not-found' });
  });
}
