import { speaks } from '@drover/engine';
import { expect, it } from 'vitest';
import { type GetSwarm, until } from './subject.ts';

/** From engines outside any Swarm to one Swarm, which the rest of the contract uses. The order of these tests matters. */
export function membershipContract(get: GetSwarm): void {
  it('refuses everything outside a Swarm', async () => {
    const { manager } = get();
    const outside = { code: 'not-in-swarm', reason: expect.stringContaining('This node is not') };
    await expect(manager.swarm.inspect()).rejects.toMatchObject(outside);
    await expect(manager.swarm.leave()).rejects.toMatchObject(outside);
    await expect(manager.swarm.unlock('SWMKEY-1-x')).rejects.toMatchObject(outside);
    await expect(manager.nodes.list()).rejects.toMatchObject(outside);
    await expect(manager.services.list()).rejects.toMatchObject(outside);
    await expect(manager.tasks.list()).rejects.toMatchObject(outside);
    await expect(manager.secrets.list()).rejects.toMatchObject(outside);
    await expect(manager.configs.list()).rejects.toMatchObject(outside);
    await expect(manager.networks.create({ Name: 'outside', Driver: 'overlay' })).rejects.toMatchObject(outside);
    expect((await manager.system.info()).Swarm).toMatchObject({
      NodeID: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
    });
  });

  it('makes a Swarm of one manager', async () => {
    const { manager, managerAddress } = get();
    const nodeId = await manager.swarm.init({ AdvertiseAddr: managerAddress });
    await expect(manager.swarm.init({ AdvertiseAddr: managerAddress })).rejects.toMatchObject({
      code: 'already-in-swarm',
    });
    const swarm = await manager.swarm.inspect();
    expect(swarm).toMatchObject({
      Spec: { Name: 'default', Dispatcher: { HeartbeatPeriod: 5e9 }, Orchestration: { TaskHistoryRetentionLimit: 5 } },
      RootRotationInProgress: false,
      DataPathPort: 4789,
    });
    expect(swarm.JoinTokens.Worker).toMatch(/^SWMTKN-1-/);
    const info = (await manager.system.info()).Swarm;
    expect(info).toMatchObject({
      NodeID: nodeId,
      NodeAddr: managerAddress,
      LocalNodeState: 'active',
      ControlAvailable: true,
      RemoteManagers: [{ NodeID: nodeId, Addr: `${managerAddress}:2377` }],
      Nodes: 1,
      Managers: 1,
      Cluster: { ID: swarm.ID },
    });
    const { swarm: header } = await manager.system.ping();
    expect(header).toBe(speaks(await manager.apiVersion(), '1.42') ? 'active/manager' : null);
    const [node] = await manager.nodes.list();
    expect(node).toMatchObject({
      ID: nodeId,
      Spec: { Role: 'manager', Availability: 'active', Labels: {} },
      Description: { Platform: { OS: 'linux' } },
      Status: { State: 'ready', Addr: managerAddress },
      ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: `${managerAddress}:2377` },
    });
  });

  it('takes a worker with the right token, which is no manager', async () => {
    const { manager, managerAddress, worker } = get();
    if (worker === null) return;
    const { JoinTokens } = await manager.swarm.inspect();
    const RemoteAddrs = [`${managerAddress}:2377`];
    await expect(worker.swarm.join({ RemoteAddrs, JoinToken: 'SWMTKN-1-wrong' })).rejects.toMatchObject({
      code: 'unauthorized',
      reason: 'invalid join token',
    });
    await worker.swarm.join({ RemoteAddrs, JoinToken: JoinTokens.Worker });
    await expect(worker.swarm.join({ RemoteAddrs, JoinToken: JoinTokens.Worker })).rejects.toMatchObject({
      code: 'already-in-swarm',
    });
    for (const calls of [worker.services, worker.nodes, worker.secrets])
      await expect(calls.list()).rejects.toMatchObject({ code: 'not-a-manager', status: 503 });
    await expect(worker.swarm.inspect()).rejects.toMatchObject({ code: 'not-a-manager', status: 503 });
    expect((await worker.system.info()).Swarm).toMatchObject({ LocalNodeState: 'active', ControlAvailable: false });
    const nodes = await until(
      () => manager.nodes.list({ filters: { role: ['worker'] } }),
      (list) => list[0]?.Status.State === 'ready',
    );
    expect(nodes).toHaveLength(1);
    expect(nodes[0]?.ManagerStatus ?? null).toBeNull();
    await expect(manager.nodes.remove(nodes[0]?.ID ?? '')).rejects.toMatchObject({
      code: 'bad-request',
      reason: `node ${nodes[0]?.ID} is not down and can't be removed`,
    });
  });

  it('changes a node of the version that was read, and keeps the last manager', async () => {
    const { manager } = get();
    const [first] = await manager.nodes.list({ filters: { role: ['manager'] } });
    if (first === undefined) throw new Error('there is no manager');
    await manager.nodes.update(first.ID, first.Version.Index, { ...first.Spec, Labels: { disk: 'ssd' } });
    const changed = await manager.nodes.inspect(first.ID);
    expect(changed.Spec.Labels).toEqual({ disk: 'ssd' });
    await expect(manager.nodes.update(first.ID, first.Version.Index, first.Spec)).rejects.toMatchObject({
      code: 'version-conflict',
      reason: 'update out of sequence',
    });
    expect(await manager.nodes.list({ filters: { 'node.label': ['disk=ssd'] } })).toHaveLength(1);
    const demotion = manager.nodes.update(first.ID, changed.Version.Index, { ...changed.Spec, Role: 'worker' });
    await expect(demotion).rejects.toMatchObject({
      code: 'bad-request',
      reason: 'attempting to demote the last manager of the swarm',
    });
    await expect(manager.nodes.remove(first.ID, { force: true })).rejects.toMatchObject({
      reason: expect.stringContaining('It must be demoted to worker before removal'),
    });
    await expect(manager.nodes.inspect('nobody')).rejects.toMatchObject({
      code: 'not-found',
      reason: 'node nobody not found',
    });
    await expect(manager.swarm.leave()).rejects.toMatchObject({
      code: 'unavailable',
      reason: expect.stringContaining('Removing the last manager erases all current state of the swarm'),
    });
  });

  it('changes the Swarm, rotates tokens and hands out the unlock key', async () => {
    const { manager } = get();
    const before = await manager.swarm.inspect();
    expect(await manager.swarm.unlockKey()).toBe('');
    await expect(manager.swarm.unlock('SWMKEY-1-x')).rejects.toMatchObject({ code: 'conflict' });
    const spec = { ...before.Spec, EncryptionConfig: { AutoLockManagers: true } };
    await manager.swarm.update(before.Version.Index, spec, { rotateWorkerToken: true });
    await expect(manager.swarm.update(before.Version.Index, spec)).rejects.toMatchObject({ code: 'version-conflict' });
    const after = await manager.swarm.inspect();
    expect(after.JoinTokens.Worker).not.toBe(before.JoinTokens.Worker);
    expect(after.JoinTokens.Manager).toBe(before.JoinTokens.Manager);
    expect(await manager.swarm.unlockKey()).toMatch(/^SWMKEY-1-/);
    await manager.swarm.update(after.Version.Index, { ...spec, EncryptionConfig: { AutoLockManagers: false } });
  });
}

/** Availability, promotion, and the way out. Changes what all tasks stand on, so nothing runs beside it. */
export function departureContract(get: GetSwarm): void {
  it('promotes and demotes', async () => {
    const { manager, worker } = get();
    if (worker === null) return;
    const [node] = await manager.nodes.list({ filters: { role: ['worker'] } });
    if (node === undefined) throw new Error('there is no worker');
    await manager.nodes.update(node.ID, node.Version.Index, { ...node.Spec, Role: 'manager' });
    await until(
      async () => (await worker.system.info()).Swarm.ControlAvailable,
      (available) => available,
    );
    const promoted = await until(
      () => manager.nodes.inspect(node.ID),
      (read) => read.ManagerStatus?.Reachability === 'reachable',
    );
    await until(
      () => worker.nodes.list().catch(() => []),
      (list) => list.length === 2,
    );
    const newest = await manager.nodes.inspect(promoted.ID);
    await manager.nodes.update(newest.ID, newest.Version.Index, { ...newest.Spec, Role: 'worker' });
    await until(
      async () => (await worker.system.info()).Swarm.ControlAvailable,
      (available) => !available,
    );
  });

  it('lets a worker go, and then off the list', async () => {
    const { manager, worker } = get();
    if (worker === null) return;
    // The filter looks at the role that a node has, which follows the one that it is asked to have.
    const [node] = await until(
      () => manager.nodes.list({ filters: { role: ['worker'] } }),
      (nodes) => nodes.length === 1,
    );
    if (node === undefined) throw new Error('there is no worker');
    await worker.swarm.leave();
    await until(
      () => manager.nodes.inspect(node.ID),
      (read) => read.Status.State === 'down',
    );
    await manager.nodes.remove(node.ID);
    expect(await manager.nodes.list()).toHaveLength(1);
    await expect(worker.services.list()).rejects.toMatchObject({ code: 'not-in-swarm' });
  });

  it('ends with its last manager', async () => {
    const { manager } = get();
    await manager.swarm.leave({ force: true });
    await expect(manager.services.list()).rejects.toMatchObject({ code: 'not-in-swarm' });
  });
}
