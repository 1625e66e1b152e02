import { describe, expect, test } from 'vitest';
import type { WantedCluster } from '../../src/model/cluster/wanted.ts';
import { planCluster } from '../../src/plan/cluster/plan.ts';
import { printClusterPlan } from '../../src/plan/cluster/print.ts';
import { ModelSwarm } from './model-swarm.ts';

const automatic: WantedCluster = { managers: { mode: 'automatic' } };

const text = (swarm: ModelSwarm, wanted: WantedCluster = automatic): string =>
  printClusterPlan(planCluster(swarm.observe(), wanted));

/** Carries plans out until one has no steps; answers them all as text, then what the last one says. */
function settle(swarm: ModelSwarm, wanted: WantedCluster = automatic): string {
  const plans: string[] = [];
  for (let round = 0; round < 40; round += 1) {
    const plan = planCluster(swarm.observe(), round === 0 ? wanted : { ...wanted, rotate: [] });
    plans.push(printClusterPlan(plan));
    if (plan.steps.length === 0) return plans.join('--\n');
    for (const step of plan.steps) swarm.apply(step);
  }
  throw new Error(`it does not settle:\n${plans.slice(-3).join('--\n')}`);
}

function settled(names: ConstructorParameters<typeof ModelSwarm>[0], wanted: WantedCluster = automatic): ModelSwarm {
  const swarm = new ModelSwarm(names);
  settle(swarm, wanted);
  return swarm;
}

const managersOf = (swarm: ModelSwarm): string[] => swarm.members.map(({ hostname }) => hostname).sort();

describe('making a Swarm', () => {
  test('begins on one host, and adds managers one at a time', () => {
    expect(
      settle(new ModelSwarm(['n1', 'n2', 'n3', 'n4']), { ...automatic, heartbeatMs: 1000 }),
    ).toMatchInlineSnapshot(`
      "[1] swarm-init n1 — no host is in a Swarm yet
      --
      [1] swarm-update Swarm — heartbeat: 5000 → 1000 ms
      [2] swarm-join n3 as worker — it is in no Swarm yet
      [3] swarm-join n4 as worker — it is in no Swarm yet
      [4] swarm-join n2 as manager — 3 managers are wanted, there is 1
      --
      [1] node-promote n3 — 3 managers are wanted, there are 2
      --
      nothing to do
      "
    `);
  });

  test.each([
    [1, 1],
    [2, 1],
    [3, 3],
    [4, 3],
    [5, 5],
    [9, 5],
  ])('of %i hosts %i manage', (hosts, managers) => {
    const swarm = settled(Array.from({ length: hosts }, (_, index) => `n${index}`));
    expect(swarm.members).toHaveLength(managers);
    expect(swarm.nodes).toHaveLength(hosts);
  });

  test('spreads managers over zones, and prefers the newest engine', () => {
    const zones = ['a', 'a', 'a', 'b', 'c'].map((zone, index) => ({ name: `n${index + 1}`, zone }));
    expect(managersOf(settled(zones, { managers: { mode: 'fixed', count: 3 } }))).toEqual(['n1', 'n4', 'n5']);
    const engines = ['28.5.2', '20.10.24', '28.5.2', '28.5.2'];
    const hosts = engines.map((engineVersion, index) => ({ name: `n${index + 1}`, engineVersion }));
    expect(managersOf(settled(hosts))).toEqual(['n1', 'n3', 'n4']);
  });

  test('begins on the newest engine, and an engine from 28 on joins only by managers that are as new, where there are any', () => {
    const engines = ['20.10.24', '20.10.24', '28.5.2', '29.0.0', '20.10.24'];
    const swarm = new ModelSwarm(engines.map((engineVersion, index) => ({ name: `n${index + 1}`, engineVersion })));
    for (const late of ['n4', 'n5']) swarm.lose(late);
    expect(text(swarm)).toBe('[1] swarm-init n3 — no host is in a Swarm yet\n');
    settle(swarm);
    expect(managersOf(swarm)).toEqual(['n1', 'n2', 'n3']);
    const viaOf = (name: string) => {
      const { steps } = planCluster(swarm.observe(), automatic);
      const step = steps.find(({ kind, target }) => kind === 'swarm-join' && target === name);
      return step?.kind === 'swarm-join' ? [...step.via].sort() : undefined;
    };
    for (const late of ['n4', 'n5']) swarm.comeBack(late);
    expect(viaOf('n4')).toEqual(['10.0.0.3']);
    expect(viaOf('n5')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    swarm.node('n3')!.isMember = false;
    expect(viaOf('n4')).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  test('a host that is away from the start is no reason for an even number of managers', () => {
    const swarm = new ModelSwarm(['n1', 'n2', 'n3']);
    swarm.lose('n3');
    settle(swarm);
    expect(managersOf(swarm)).toEqual(['n1']);
    swarm.comeBack('n3');
    settle(swarm);
    expect(managersOf(swarm)).toEqual(['n1', 'n2', 'n3']);
  });
});

describe('managers that come and go', () => {
  test('one that is away for a moment stays; for long, it is replaced and then demoted', () => {
    const swarm = settled(['n1', 'n2', 'n3', 'n4']);
    swarm.lose('n2', 20_000);
    expect(text(swarm)).toBe('nothing to do\n');
    swarm.lose('n2', 90_000);
    expect(settle(swarm)).toMatchInlineSnapshot(`
      "[1] node-promote n4 — it takes the place of n2 (it is away)
      --
      [1] node-demote n2 — it is away, and 3 managers are enough without it
      --
      nothing to do
      "
    `);
    swarm.comeBack('n2');
    expect(text(swarm)).toBe('nothing to do\n');
  });

  test('one that is away stays where no other host can take its place', () => {
    const swarm = settled(['n1', 'n2', 'n3']);
    swarm.lose('n2');
    expect(text(swarm)).toBe('nothing to do\n');
  });

  test('a host that leaves is replaced as a manager, demoted, leaves, and goes from the list', () => {
    const swarm = settled(['n1', 'n2', 'n3', 'n4']);
    expect(settle(swarm, { ...automatic, leaving: ['n1'] })).toMatchInlineSnapshot(`
      "[1] node-promote n4 — it takes the place of n1 (it leaves the Swarm)
      --
      [1] node-demote n1 — it leaves the Swarm
      --
      [1] swarm-leave n1 — it leaves the environment
      --
      [1] node-remove n1 — its host is another node now, or left
      --
      nothing to do
      "
    `);
    expect(managersOf(swarm)).toEqual(['n2', 'n3', 'n4']);
  });

  test('a removed host that is away goes from the list, a dead one only where that was asked for', () => {
    const swarm = settled(['n1', 'n2', 'n3', 'n4']);
    swarm.lose('n4');
    expect(text(swarm)).toBe('nothing to do\n');
    expect(text(swarm, { ...automatic, removeDeadAfterMs: 7_200_000 })).toBe('nothing to do\n');
    expect(text(swarm, { ...automatic, removeDeadAfterMs: 1_800_000 })).toMatchInlineSnapshot(`
      "[1] node-remove n4 — it has been down for more than 30 minutes
      "
    `);
    const nodeId = swarm.host('n4').nodeId;
    swarm.hosts.pop();
    expect(text(swarm, { ...automatic, removedNodes: [nodeId] })).toMatchInlineSnapshot(`
      "[1] node-remove n4 — its host was removed
      "
    `);
  });

  test('nobody is demoted whom the quorum needs', () => {
    const swarm = settled(['n1', 'n2', 'n3']);
    swarm.lose('n3');
    expect(text(swarm, { ...automatic, leaving: ['n2'] })).toMatchInlineSnapshot(`
      "[1] node-demote n3 — it is away, and 1 manager is enough without it
      "
    `);
    const alone = settled(['n1']);
    expect(text(alone, { ...automatic, leaving: ['n1'] })).toMatchInlineSnapshot(`
      "notice: 1 manager is wanted, and no other host is ready to be one
      notice: n1 stays a manager: it is the only one, and no other host can take its place
      "
    `);
  });

  test('the last host ends the Swarm only where that is wanted', () => {
    const alone = settled(['n1']);
    const wanted: WantedCluster = { ...automatic, leaving: ['n1'], mayEnd: true };
    expect(text(alone, wanted)).toBe('[1] swarm-leave n1 — it is the last one, and the Swarm ends with it\n');
    expect(text(settled(['n1', 'n2']), wanted)).not.toContain('ends with it');
  });

  test('adopted managers stay as they are; new hosts join as workers', () => {
    const swarm = settled(['n1', 'n2']);
    swarm.hosts.push(...new ModelSwarm(['n3', 'n4']).hosts);
    expect(settle(swarm, { managers: { mode: 'adopted' } })).toMatchInlineSnapshot(`
      "[1] swarm-join n3 as worker — it is in no Swarm yet
      [2] swarm-join n4 as worker — it is in no Swarm yet
      --
      nothing to do
      "
    `);
  });

  test('a fixed number is odd, and as large as the hosts allow', () => {
    const swarm = settled(['n1', 'n2', 'n3', 'n4']);
    expect(text(swarm, { managers: { mode: 'fixed', count: 4 } })).toMatchInlineSnapshot(`
      "problem invalid: 4 managers: the number has to be 1, 3, 5 or 7; an even one bears no more losses than the odd one below it
      "
    `);
    expect(text(swarm, { managers: { mode: 'fixed', count: 5 } })).toMatchInlineSnapshot(`
      "notice: 5 managers are wanted; 4 hosts allow 3
      "
    `);
    expect(text(swarm, { managers: { mode: 'fixed', count: 1 } })).toMatchInlineSnapshot(`
      "[1] node-demote n3 — 1 manager is enough
      "
    `);
  });
});

describe('what is not as it should be', () => {
  test('a lost quorum is said with the way out, and nothing is done', () => {
    const swarm = settled(['n1', 'n2', 'n3', 'n4']);
    swarm.lose('n2');
    swarm.lose('n3');
    expect(text(swarm)).toMatchInlineSnapshot(`
      "problem quorum-lost: the quorum of the Swarm is lost: 1 of 3 managers can be reached, 2 are needed. What runs goes on; nothing can be changed. Either bring n2 and n3 back, or, where they are gone for good, recover the Swarm on n1
      "
    `);
  });

  test('a leader that has lost the others, and still answers, is asked for no change of managers', () => {
    const swarm = settled(['n1', 'n2', 'n3', 'n4']);
    const { swarm: listed, ...observed } = swarm.observe();
    const nodes = listed!.nodes.map((node) =>
      node.hostname === 'n2' || node.hostname === 'n3'
        ? { ...node, state: 'down' as const, manager: { leader: false, reachable: false }, downForMs: 900_000 }
        : node,
    );
    const plan = planCluster({ ...observed, swarm: { ...listed!, nodes } }, automatic);
    expect(printClusterPlan(plan)).toBe('notice: too few managers can be reached to change who manages\n');
  });

  test('a lost leader with enough managers left is an election', () => {
    const swarm = settled(['n1', 'n2', 'n3']);
    const { swarm: _, ...observed } = swarm.observe();
    expect(printClusterPlan(planCluster({ ...observed, leaderless: ['n1', 'n2'] }, automatic))).toMatchInlineSnapshot(`
      "problem electing: the managers of the Swarm elect a leader (2 of 3 managers can be reached); nothing is changed meanwhile
      "
    `);
  });

  test('hosts in different Swarms are an error until one of these is the environment’s; then the others are left alone', () => {
    const swarm = settled(['n1', 'n2', 'n3']);
    const [stranger] = new ModelSwarm(['n9']).hosts;
    swarm.hosts.push({ ...stranger!, foreign: 'theirs' });
    expect(text(swarm)).toMatchInlineSnapshot(`
      "problem several-swarms: hosts are in different Swarms: n1, n2, n3 | n9; let all but one of these groups leave theirs (docker swarm leave), or put them into an environment of their own
      "
    `);
    expect(text(swarm, { ...automatic, clusterId: 'ours' })).toMatchInlineSnapshot(`
      "notice: n9 is in another Swarm and is left alone; to use it here, let it leave that one (docker swarm leave)
      "
    `);
  });

  test('workers alone, and a Swarm that is gone, are said and left alone', () => {
    const swarm = settled(['n1', 'n2']);
    swarm.lose('n1');
    expect(text(swarm)).toMatchInlineSnapshot(`
      "problem managers-away: no manager of the Swarm can be asked, so nothing is changed; n2 is in it
      "
    `);
    expect(text(new ModelSwarm(['n1']), { ...automatic, clusterId: 'ours' })).toMatchInlineSnapshot(`
      "problem swarm-gone: no host of this environment is in its Swarm any more (n1 is in no Swarm); a new one is made only when that is asked for
      "
    `);
    const away = new ModelSwarm(['n1']);
    away.lose('n1');
    expect(text(away)).toMatchInlineSnapshot(`
      "problem no-host: no host can be reached that a Swarm could begin on
      "
    `);
  });

  test('locked managers are unlocked where the key is at hand', () => {
    const swarm = settled(['n1', 'n2', 'n3']);
    swarm.host('n2').locked = true;
    expect(text(swarm, { ...automatic, canUnlock: true })).toMatchInlineSnapshot(`
      "[1] swarm-unlock n2 — it was restarted and waits for the unlock key
      "
    `);
    for (const host of swarm.hosts) host.locked = true;
    expect(text(swarm)).toMatchInlineSnapshot(`
      "problem locked: n1, n2 and n3 wait for the unlock key of the Swarm, which is not kept here; enter it with: docker swarm unlock
      "
    `);
    expect(settle(swarm, { ...automatic, canUnlock: true })).toMatchInlineSnapshot(`
      "[1] swarm-unlock n1 — it was restarted and waits for the unlock key
      [2] swarm-unlock n2 — it was restarted and waits for the unlock key
      [3] swarm-unlock n3 — it was restarted and waits for the unlock key
      --
      nothing to do
      "
    `);
  });

  test('a manager of before a recovery leaves, joins anew, and its old node goes', () => {
    const swarm = settled(['n1', 'n2', 'n3']);
    for (const name of ['n2', 'n3']) {
      swarm.lose(name);
      swarm.node(name)!.isMember = false;
    }
    swarm.host('n2').isUp = true;
    const observed = swarm.observe();
    const nodes = observed.swarm!.nodes.map((node) =>
      node.hostname === 'n2' ? { ...node, state: 'down' as const } : node,
    );
    const plan = planCluster({ ...observed, swarm: { ...observed.swarm!, nodes } }, automatic);
    expect(printClusterPlan(plan)).toMatchInlineSnapshot(`
      "[1] swarm-leave n2 — it is a manager of the state before the recovery
      notice: 3 managers are wanted, and no other host is ready to be one
      "
    `);
    for (const step of plan.steps) swarm.apply(step);
    expect(settle(swarm)).toMatchInlineSnapshot(`
      "[1] swarm-join n2 as worker — it is in no Swarm yet
      [2] node-remove n2 — its host is another node now, or left
      notice: 3 managers are wanted, and no other host is ready to be one
      --
      notice: 3 managers are wanted, and no other host is ready to be one
      "
    `);
  });
});

describe('nodes', () => {
  test('availability and labels follow the host; labels that others set stay', () => {
    const swarm = settled(['n1', 'n2']);
    swarm.node('n2')!.labels = { rack: '7' };
    swarm.host('n2').labels = { disk: 'ssd' };
    swarm.host('n2').availability = 'drain';
    expect(settle(swarm)).toMatchInlineSnapshot(`
      "[1] node-availability n2 to drain — availability: active → drain
      [2] node-labels n2 — label disk
      --
      nothing to do
      "
    `);
    expect(swarm.node('n2')!.labels).toEqual({ rack: '7', disk: 'ssd', 'io.drover.labels': 'disk' });
    swarm.host('n2').labels = {};
    settle(swarm);
    expect(swarm.node('n2')!.labels).toEqual({ rack: '7' });
  });

  test('spec and tokens', () => {
    const swarm = settled(['n1']);
    const wanted: WantedCluster = {
      ...automatic,
      heartbeatMs: 1000,
      taskHistory: 2,
      autolock: true,
      rotate: ['worker-token'],
    };
    expect(settle(swarm, wanted)).toMatchInlineSnapshot(`
      "[1] swarm-update Swarm — heartbeat: 5000 → 1000 ms; ended tasks kept: 5 → 2; autolock: off → on
      [2] swarm-rotate Swarm — a new worker-token is asked for
      --
      nothing to do
      "
    `);
  });
});
