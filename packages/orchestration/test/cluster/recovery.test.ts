import { expect, test } from 'vitest';
import { planCluster } from '../../src/plan/cluster/plan.ts';
import { planRecovery } from '../../src/plan/cluster/recovery.ts';
import { ModelSwarm } from './model-swarm.ts';

function settled(count: number): ModelSwarm {
  const swarm = new ModelSwarm(Array.from({ length: count }, (_, index) => `n${index + 1}`));
  for (let round = 0; round < 20; round += 1)
    for (const step of planCluster(swarm.observe(), { managers: { mode: 'automatic' } }).steps) swarm.apply(step);
  return swarm;
}

test('offers the manager that is left, and says what that gives up', () => {
  const swarm = settled(3);
  swarm.lose('n1');
  swarm.lose('n3');
  expect(planRecovery(swarm.observe())).toMatchInlineSnapshot(`
    {
      "choices": [
        {
          "hostId": "n2",
          "hostName": "n2",
          "reason": "it is a manager of 3; changes of the last moments may be missing there",
        },
      ],
      "givenUp": [
        "n1",
        "n3",
      ],
      "warnings": [
        "n1, n3 must be gone for good, or be switched off until this is done: if they came back together they would go on from the old state, beside the new one",
        "tasks go on running; those on hosts that are away are started elsewhere",
      ],
    }
  `);
});

test('of several, the one that led last comes first', () => {
  const swarm = settled(5);
  const led = swarm.node('n4')!.id;
  for (const name of ['n1', 'n2', 'n3']) swarm.lose(name);
  const { choices, warnings } = planRecovery({ ...swarm.observe(), lastLeader: led });
  expect(choices).toMatchInlineSnapshot(`
    [
      {
        "hostId": "n4",
        "hostName": "n4",
        "reason": "it led when that could last be told, so it has everything that was agreed on",
      },
      {
        "hostId": "n5",
        "hostName": "n5",
        "reason": "it is a manager of 5; changes of the last moments may be missing there",
      },
    ]
  `);
  expect(warnings.join()).not.toContain('cannot be told');
});

test('is refused where nothing is lost, where no manager is left, and where the managers can help themselves', () => {
  const swarm = settled(3);
  expect(planRecovery(swarm.observe()).refusal).toBe('the Swarm has a leader: there is nothing to recover');
  const { swarm: _, ...electing } = swarm.observe();
  expect(planRecovery({ ...electing, leaderless: ['n1', 'n2'] }).refusal).toBe(
    '2 of 3 managers can be reached: they elect a leader by themselves',
  );
  for (const { name } of swarm.hosts) swarm.lose(name);
  expect(planRecovery(swarm.observe()).refusal).toMatch(/^no manager of the Swarm can be asked/);
});
