import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WantedCluster, WantedManagers } from '../../src/model/cluster/wanted.ts';
import { planCluster } from '../../src/plan/cluster/plan.ts';
import { printClusterPlan } from '../../src/plan/cluster/print.ts';
import { describeQuorum } from '../../src/plan/cluster/quorum.ts';
import { ModelSwarm } from './model-swarm.ts';

const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) };
const names = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7'];

type Happening =
  | { readonly type: 'lose' | 'back' | 'leave' | 'drain'; readonly host: number }
  | { readonly type: 'managers'; readonly managers: WantedManagers };

const arbitraryManagers: fc.Arbitrary<WantedManagers> = fc.oneof(
  fc.constant<WantedManagers>({ mode: 'automatic' }),
  fc.constantFrom(1, 3, 5).map((count): WantedManagers => ({ mode: 'fixed', count })),
  fc.constant<WantedManagers>({ mode: 'adopted' }),
);

const arbitraryHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constantFrom('lose', 'back', 'leave', 'drain'), host: fc.nat({ max: 6 }) }),
  arbitraryManagers.map((managers): Happening => ({ type: 'managers', managers })),
);

const arbitraryCluster = fc.record({
  zones: fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 7 }),
  managers: arbitraryManagers,
  happenings: fc.array(arbitraryHappening, { maxLength: 12 }),
});

/** Carries plans out until one is empty. No step may cost the quorum, and a plan changes managers once at most. */
function settle(swarm: ModelSwarm, wanted: WantedCluster, history: string[]): void {
  for (let round = 0; round < 60; round += 1) {
    const plan = planCluster(swarm.observe(), wanted);
    history.push(printClusterPlan(plan));
    if (plan.steps.length === 0) return;
    expect(plan.steps.filter(changesManagers).length, history.join('--\n')).toBeLessThanOrEqual(1);
    for (const step of plan.steps) {
      swarm.apply(step);
      expect(swarm.hasQuorum, history.join('--\n')).toBe(true);
    }
  }
  throw new Error(`it does not settle:\n${history.slice(-4).join('--\n')}`);
}

const changesManagers = (step: { readonly kind: string; readonly role?: string }): boolean =>
  step.kind === 'node-promote' ||
  step.kind === 'node-demote' ||
  (step.kind === 'swarm-join' && step.role === 'manager');

test('whatever happens, plans settle, no step costs the quorum, and nothing is done without one', () => {
  fc.assert(
    fc.property(arbitraryCluster, ({ zones, managers, happenings }) => {
      const swarm = new ModelSwarm(zones.map((zone, index) => ({ name: names[index] as string, zone })));
      const leaving = new Set<string>();
      let wanted: WantedCluster = { managers, heartbeatMs: 1000 };
      const history: string[] = [];
      settle(swarm, wanted, history);
      for (const happening of happenings) {
        history.push(`* ${JSON.stringify(happening)}\n`);
        if (happening.type === 'managers') wanted = { ...wanted, managers: happening.managers };
        else {
          const host = swarm.hosts[happening.host % swarm.hosts.length]!;
          if (happening.type === 'lose') swarm.lose(host.name);
          if (happening.type === 'back') swarm.comeBack(host.name);
          if (happening.type === 'drain') host.availability = 'drain';
          if (happening.type === 'leave' && leaving.size < swarm.hosts.length - 1) leaving.add(host.name);
        }
        wanted = { ...wanted, leaving: [...leaving] };
        const plan = planCluster(swarm.observe(), wanted);
        if (!swarm.hasQuorum) expect(plan.steps, history.join('')).toEqual([]);
        else settle(swarm, wanted, history);
      }
    }),
    runs,
  );
});

test('once every host is back, an automatic Swarm has an odd number of managers, all of them reachable', () => {
  fc.assert(
    fc.property(arbitraryCluster, ({ zones, happenings }) => {
      const swarm = new ModelSwarm(zones.map((zone, index) => ({ name: names[index] as string, zone })));
      const wanted: WantedCluster = { managers: { mode: 'automatic' } };
      const history: string[] = [];
      settle(swarm, wanted, history);
      for (const happening of happenings) {
        if (happening.type !== 'lose') continue;
        swarm.lose(swarm.hosts[happening.host % swarm.hosts.length]!.name);
        if (swarm.hasQuorum) settle(swarm, wanted, history);
      }
      for (const { name } of swarm.hosts) swarm.comeBack(name);
      settle(swarm, wanted, history);
      const { managers, reachable } = describeQuorum(swarm.observe().swarm!.nodes);
      expect(reachable).toBe(managers);
      expect(managers % 2).toBe(1);
      expect(managers).toBe(zones.length >= 5 ? 5 : zones.length >= 3 ? 3 : 1);
    }),
    runs,
  );
});
