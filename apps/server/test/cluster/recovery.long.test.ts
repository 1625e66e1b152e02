import { createLab, type Lab } from '@drover/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterStage, membersOf } from './cluster-stage.ts';

let lab: Lab;
let stage: ClusterStage;

beforeAll(async () => {
  lab = await createLab({ hosts: [{ engine: '28' }, { engine: '28' }, { engine: '28' }], images: ['busybox'] });
  stage = new ClusterStage(membersOf(lab), { managers: { mode: 'automatic' }, heartbeatMs: 2_000 });
});

afterAll(async () => {
  await stage?.end();
  await lab?.down();
});

const managers = () => stage.keeper.view.nodes.filter(({ role }) => role === 'manager').map(({ name }) => name);

describe('a Swarm of three managers', () => {
  it('says that the quorum is lost and goes on from what is left when that is asked for', async () => {
    stage.keeper.start();
    await stage.until('a Swarm', ({ state, nodes }) => state === 'ready' && nodes.length === 3);
    await stage.keeper.manager.configs.create({ Name: 'meanwhile', Data: 'eA==' });
    const { clusterId } = stage.keeper.view;
    await Promise.all(['n2', 'n3'].map((name) => lab.host(name).kill()));
    for (const name of ['n2', 'n3']) stage.host(name).reachable = false;
    stage.keeper.wake();
    const words = /the quorum of the Swarm is lost: 1 of 3 managers can be reached/;
    await stage.until('the loss', ({ state, warnings }) => state === 'blocked' && words.test(warnings.join()));
    const plan = stage.keeper.recovery();
    expect(plan).toMatchObject({ choices: [{ hostId: 'n1' }], givenUp: ['n2', 'n3'] });
    await stage.keeper.recover('n1');
    const recovered = await stage.until('a leader', ({ leader }) => leader === 'n1');
    expect(recovered.clusterId).toBe(clusterId);
    expect((await stage.keeper.manager.configs.list()).map(({ Spec }) => Spec.Name)).toEqual(['meanwhile']);
    await Promise.all(['n2', 'n3'].map((name) => lab.host(name).start()));
    for (const name of ['n2', 'n3']) stage.host(name).reachable = true;
    stage.keeper.wake();
    const whole = await stage.until('three nodes and three managers', ({ state, nodes, quorum }) => {
      return state === 'ready' && nodes.length === 3 && quorum?.managers === 3;
    });
    expect(whole.nodes.map(({ name, state }) => `${name} ${state}`)).toEqual(['n1 ready', 'n2 ready', 'n3 ready']);
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
