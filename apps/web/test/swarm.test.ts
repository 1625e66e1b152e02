import type { ClusterView } from '@drover/contract';
import { expect, test } from 'vitest';
import { drainSentence } from '../src/pages/swarm/drain/drain-words.ts';
import { managersChoice, managersChoices, managersOf } from '../src/pages/swarm/managers-choice.ts';
import { swarmFigures } from '../src/pages/swarm/swarm-figures.ts';
import { nodeLook, roleWords, swarmLook } from '../src/pages/swarm/swarm-look.ts';

const swarm = (facts: Partial<ClusterView>): ClusterView => ({
  state: 'ready',
  clusterId: 'c1',
  leader: 'n1',
  quorum: { managers: 3, reachable: 3, spare: 1, words: '3 of 3 managers reachable; 1 may be lost' },
  heartbeatMs: 2000,
  autolock: false,
  wantedManagers: { mode: 'automatic' },
  nodes: [],
  doing: [],
  warnings: [],
  ...facts,
});
const values = (facts: Partial<ClusterView>) => swarmFigures(swarm(facts)).map(({ value }) => value);

test('a Swarm in four figures', () => {
  expect(values({})).toEqual(['3 of 3', 'n1', '2 s', 'Off']);
  expect(swarmFigures(swarm({ wantedManagers: { mode: 'fixed', count: 5 } }))[0]?.about).toEqual([
    '3 of 3 managers reachable; 1 may be lost',
    '5 wanted',
  ]);
});

test('what nobody could be asked for is unknown; without a Swarm there is none', () => {
  const nothing = { leader: null, quorum: null, heartbeatMs: null, autolock: null } as const;
  expect(values({ ...nothing, state: 'blocked' })).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  expect(values({ ...nothing, state: 'none' })).toEqual(['none', 'none', 'none', 'none']);
  const lost = { managers: 3, reachable: 1, spare: -1, words: '1 of 3 managers reachable; the quorum is lost' };
  expect(values({ state: 'blocked', leader: null, quorum: lost }).slice(0, 2)).toEqual(['1 of 3', 'none']);
});

test.each([
  ['none', 'idle'],
  ['ready', 'good'],
  ['changing', 'progress'],
  ['degraded', 'warn'],
  ['blocked', 'bad'],
] as const)('a Swarm that is %s looks %s', (state, tone) => expect(swarmLook(state).tone).toBe(tone));

test('a node that is ready and out of reach of the other managers is doubtful', () => {
  expect(nodeLook({ state: 'ready', isReachable: true }).tone).toBe('good');
  expect(nodeLook({ state: 'ready', isReachable: false }).tone).toBe('warn');
  expect(nodeLook({ state: 'down', isReachable: false }).tone).toBe('bad');
  expect(roleWords({ role: 'manager', isLeader: true })).toBe('Leader');
});

test('the number of managers is a choice and back', () => {
  for (const wanted of [{ mode: 'automatic' }, { mode: 'adopted' }, { mode: 'fixed', count: 7 }] as const) {
    expect(managersOf(managersChoice(wanted))).toEqual(wanted);
    expect(managersChoices(wanted).map(({ value }) => value)).toContain(managersChoice(wanted));
  }
  expect(managersChoices({ mode: 'fixed', count: 3 }).map(({ value }) => value)).toEqual(['automatic', '1', '3', '5']);
});

test('a drain in one sentence', () => {
  const move = (tasks: number) => ({ service: 'web', tasks, how: 'start-first' as const, why: '', to: ['n2'] });
  const stuck = [{ service: 'db', tasks: 2, reasons: ['n2: ruled out by node.hostname == n1'] }];
  const none = { host: 'n1', moves: [], stuck: [], data: [], pinned: [] };
  expect(drainSentence(none)).toBe('No task of the Swarm runs on n1; it gets none from then on.');
  expect(drainSentence({ ...none, moves: [move(1)] })).toBe('1 task leaves n1, and it gets no new one.');
  expect(drainSentence({ ...none, moves: [move(3)], stuck })).toBe('3 tasks leave n1; 2 tasks cannot go elsewhere.');
  expect(drainSentence({ ...none, stuck })).toBe('Nothing can move; 2 tasks cannot go elsewhere.');
});
