import { createLab, type EngineName, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterStage, membersOf } from './cluster-stage.ts';

const engines: readonly EngineName[] = ['28', '28', '28', '20.10'];

let lab: Lab;
let stage: ClusterStage;

beforeAll(async () => {
  lab = await createLab({ hosts: engines.map((engine) => ({ engine })), images: ['busybox'] });
  stage = new ClusterStage(membersOf(lab), {
    managers: { mode: 'automatic' },
    heartbeatMs: 1_000,
    replaceManagerAfterMs: 2_000,
  });
});

afterAll(async () => {
  await stage?.end();
  await lab?.down();
});

const managers = () => stage.keeper.view.nodes.filter(({ role }) => role === 'manager').map(({ name }) => name);

describe('the Swarm of four hosts', () => {
  it('is made with three managers, of the newest engines, and an older one as a worker', async () => {
    stage.keeper.start();
    const view = await stage.until('a Swarm', ({ state, nodes }) => state === 'ready' && nodes.length === 4);
    expect(view).toMatchObject({
      leader: 'n1',
      heartbeatMs: 1_000,
      autolock: false,
      quorum: { managers: 3, reachable: 3, words: '3 of 3 managers reachable; 1 may be lost' },
      warnings: [],
    });
    expect(managers()).toEqual(['n1', 'n2', 'n3']);
    const { Swarm } = await stage.engines.get('n4')!.system.info();
    expect(Swarm).toMatchObject({ LocalNodeState: 'active', ControlAvailable: false });
  });

  it('never shows its tokens and its key', async () => {
    const { JoinTokens } = await stage.keeper.manager.swarm.inspect();
    const shown = [...stage.logged, JSON.stringify(stage.keeper.view)].join('\n');
    for (const secret of [JoinTokens.Manager, JoinTokens.Worker]) expect(shown).not.toContain(secret);
  });

  it('follows the availability and the labels of a host', async () => {
    stage.host('n4').labels = { disk: 'ssd' };
    stage.host('n4').availability = 'pause';
    stage.keeper.wake();
    await stage.until(
      'a paused node',
      ({ nodes }) => nodes.find(({ name }) => name === 'n4')?.availability === 'pause',
    );
    const node = (await stage.keeper.manager.nodes.list()).find(({ Description }) => Description.Hostname === 'n4');
    expect(node?.Spec).toMatchObject({ Labels: { disk: 'ssd' }, Availability: 'pause' });
    stage.host('n4').availability = 'active';
    stage.keeper.wake();
  });

  it('goes on when the leader is lost: another leads, a worker takes its place, and a call waits for it', async () => {
    await lab.host('n1').kill();
    stage.host('n1').reachable = false;
    stage.keeper.wake();
    const created = stage.keeper.manager.configs.create({ Name: 'meanwhile', Data: 'eA==' });
    const view = await stage.until('another leader', ({ leader }) => leader === 'n2' || leader === 'n3');
    expect(view.warnings).toContain('n1 (manager) is away');
    await created;
    expect((await stage.keeper.manager.configs.list()).map(({ Spec }) => Spec.Name)).toEqual(['meanwhile']);
    await stage.until('a replacement', () => managers().join() === 'n2,n3,n4');
    expect(stage.keeper.view.quorum).toMatchObject({ managers: 3, reachable: 3 });
  });

  it('takes a host that comes back as a worker', async () => {
    await lab.host('n1').start();
    stage.host('n1').reachable = true;
    stage.keeper.wake();
    await stage.until('four nodes', ({ nodes }) => nodes.every(({ state }) => state === 'ready'));
    expect(managers()).toEqual(['n2', 'n3', 'n4']);
  });

  it('says that the quorum is lost and goes on from what is left when that is asked for', async () => {
    const clusterId = stage.keeper.view.clusterId;
    await Promise.all(['n3', 'n4'].map((name) => lab.host(name).kill()));
    for (const name of ['n3', 'n4']) stage.host(name).reachable = false;
    stage.keeper.wake();
    const lost = await stage.until('the loss', ({ state }) => state === 'blocked');
    expect(lost.warnings.join()).toMatch(/the quorum of the Swarm is lost: 1 of 3 managers can be reached/);
    const plan = await stage.keeper.recovery();
    expect(plan).toMatchObject({ choices: [{ hostId: 'n2' }], givenUp: ['n3', 'n4'] });
    await stage.keeper.recover('n2');
    const recovered = await stage.until('a leader', ({ leader }) => leader === 'n2');
    expect(recovered.clusterId).toBe(clusterId);
    expect((await stage.keeper.manager.configs.list()).map(({ Spec }) => Spec.Name)).toEqual(['meanwhile']);
    await Promise.all(['n3', 'n4'].map((name) => lab.host(name).start()));
    for (const name of ['n3', 'n4']) stage.host(name).reachable = true;
    stage.keeper.wake();
    const whole = await stage.until('four nodes and three managers', ({ state, nodes, quorum }) => {
      return state === 'ready' && nodes.length === 4 && quorum?.managers === 3;
    });
    expect(whole.nodes.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'n1 ready',
      'n2 ready',
      'n3 ready',
      'n4 ready',
    ]);
  });

  it('keeps the key of an autolocked Swarm, and unlocks a manager that was restarted', async () => {
    stage.wanted = { ...stage.wanted, autolock: true };
    stage.keeper.wake();
    await stage.until('autolock', ({ autolock, state }) => autolock === true && state === 'ready');
    expect(stage.unlockKey).toMatch(/^SWMKEY-1-/);
    const [name] = managers().filter((each) => each !== stage.keeper.view.leader);
    await lab.host(name!).stopEngine();
    await lab.host(name!).startEngine();
    await stage.until(
      'all nodes',
      ({ nodes, state }) => state === 'ready' && nodes.every((node) => node.state === 'ready'),
    );
    const unlocked = stage.logged.filter((line) => line.includes('swarm-unlock'));
    expect(unlocked.join('\n')).toContain('a step of the Swarm: done');
    expect([...stage.logged, JSON.stringify(stage.keeper.view)].join('\n')).not.toContain(stage.unlockKey);
  });
});
