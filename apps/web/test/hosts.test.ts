import { type HostState, type HostView, hostDisabledReason, type JoinTokenView } from '@drover/contract';
import { expect, test } from 'vitest';
import { staleAfter } from '../src/api/changes.ts';
import { abilityWords } from '../src/pages/host/abilities.ts';
import { hostLook, lastSeen } from '../src/pages/host/host-look.ts';
import { cameBy, tokenLook, tokensToShow } from '../src/pages/host/join/token-look.ts';
import { labelWords } from '../src/pages/host/label-words.ts';
import { lastSteps, stepLook } from '../src/pages/host/one/upgrade-steps.ts';
import { untilWords } from '../src/words/duration.ts';

test.each([
  ['ready', undefined, 'good', 'Ready'],
  ['ready', 'its engine does not answer', 'warn', 'Ready'],
  ['connecting', undefined, 'progress', 'Connecting'],
  ['unreachable', 'no sign of life for 6 s', 'bad', 'Unreachable'],
  ['cordoned', undefined, 'idle', 'Cordoned'],
  ['draining', undefined, 'progress', 'Draining'],
  ['drained', undefined, 'idle', 'Drained'],
] as const)('a host that is %s with the problem %s looks %s', (state, problem, tone, word) => {
  expect(hostLook({ state, ...(problem === undefined ? {} : { problem }) })).toMatchObject({ tone, word });
});

test('a host was seen now, when it was lost, when it was last there, or never', () => {
  expect(lastSeen({ state: 'drained', connectedAt: 'b' })).toBe('now');
  expect(lastSeen({ state: 'unreachable', connectedAt: 'b', lostAt: 'c' })).toEqual({ at: 'c' });
  expect(lastSeen({ state: 'connecting', connectedAt: 'b' })).toEqual({ at: 'b' });
  expect(lastSeen({ state: 'connecting' })).toBe('never');
});

test('what a kernel cannot do is told by what it means', () => {
  const none = { ipvs: false, wireguard: false, esp: false, criu: false, cgroupVersion: 1 } as const;
  expect(abilityWords(none).map(({ name, can, matters }) => [name, can, matters])).toEqual([
    ['IPVS', false, true],
    ['ESP', false, true],
    ['WireGuard', false, false],
    ['CRIU', false, false],
    ['cgroup 2', false, true],
  ]);
  expect(abilityWords(none)[0]?.means).toMatch(/^no routing mesh/);
  expect(abilityWords({ ...none, ipvs: true })[0]).toMatchObject({
    can: true,
    means: expect.stringMatching(/routing mesh takes/),
  });
});

const token = (facts: Partial<JoinTokenView>): JoinTokenView => ({
  id: 't',
  environment: 'prod',
  createdAt: '2026-01-01T10:00:00.000Z',
  expiresAt: '2026-01-01T11:00:00.000Z',
  uses: 3,
  used: 0,
  state: 'open',
  ...facts,
});

test('a token is open until its time has passed, also when nobody read it again', () => {
  const before = Date.parse('2026-01-01T10:59:59Z');
  expect(tokenLook(token({}), before).word).toBe('Open');
  expect(tokenLook(token({}), before + 1000).word).toBe('Expired');
  expect(tokenLook(token({ state: 'revoked' }), before).word).toBe('Revoked');
});

test('tokens of the environment are shown, open ones first, then the newest', () => {
  const tokens = [
    token({ id: 'used', state: 'used', createdAt: '2026-01-03' }),
    token({ id: 'elsewhere', environment: 'west' }),
    token({ id: 'old', createdAt: '2026-01-01' }),
    token({ id: 'new', createdAt: '2026-01-02' }),
  ];
  expect(tokensToShow(tokens, 'prod').map(({ id }) => id)).toEqual(['new', 'old', 'used']);
});

test('who came by a token joined after it was made; a replacement is the host itself, connected anew', () => {
  const hosts = [
    { id: 'before', joinedAt: '2026-01-01T09:00:00.000Z', connectedAt: '2026-01-01T10:30:00.000Z' },
    { id: 'after', joinedAt: '2026-01-01T10:00:01.000Z' },
  ];
  expect(cameBy(hosts, token({})).map(({ id }) => id)).toEqual(['after']);
  expect(cameBy(hosts, token({ replaces: 'before' })).map(({ id }) => id)).toEqual(['before']);
  expect(cameBy(hosts, token({ replaces: 'before', createdAt: '2026-01-01T10:31:00.000Z' }))).toEqual([]);
});

test('of an upgrade the last step of each host is shown, in the order of the hosts', () => {
  const events = [
    { host: 'n1', step: 'waiting' },
    { host: 'n2', step: 'waiting' },
    { host: 'n1', step: 'done', version: '2.0.0' },
  ] as const;
  const [first, second] = lastSteps(events);
  expect([first?.host, first && stepLook(first).word]).toEqual(['n1', 'runs 2.0.0']);
  expect([second?.host, second && stepLook(second).tone]).toEqual(['n2', 'idle']);
});

test.each([
  ['drain', 'ready', undefined],
  ['drain', 'unreachable', undefined],
  ['drain', 'draining', undefined],
  ['drain', 'drained', 'it is drained already'],
  ['cordon', 'ready', undefined],
  ['cordon', 'cordoned', 'it gets nothing new already'],
  ['cordon', 'draining', 'it is being drained'],
  ['activate', 'ready', 'it takes tasks already'],
  ['activate', 'drained', undefined],
  ['activate', 'unreachable', undefined],
  ['load', 'unreachable', 'its agent cannot be reached'],
] as const)('%s of a host that is %s: %s', (action, state: HostState, reason) => {
  expect(hostDisabledReason(action, state)).toBe(reason);
});

test('labels read as they are set, in the order of their names', () => {
  expect(labelWords({ zone: 'a', disk: 'ssd', gpu: '' })).toEqual(['disk=ssd', 'gpu', 'zone=a']);
});

test.each([
  [-5, 'in 0 s'],
  [30_000, 'in 30 s'],
  [59.6 * 60_000, 'in 60 min'],
  [3 * 3_600_000, 'in 3 h'],
  [30 * 86_400_000, 'in 30 d'],
])('%d ms ahead is %s', (milliseconds, words) => expect(untilWords(milliseconds)).toBe(words));

test('events of hosts, of the Swarm and of containers reach the pages of hosts', () => {
  const host: Pick<HostView, 'name' | 'environment' | 'state'> = { name: 'n1', environment: 'prod', state: 'ready' };
  expect(staleAfter({ type: 'host', host: 'h1', at: '', ...host })).toEqual([[['hosts']]]);
  expect(staleAfter({ type: 'swarm' })).toContainEqual([['cluster']]);
  const event = { type: 'container', container: 'c1', name: 'shop-web-1', action: 'die', at: '' } as const;
  expect(staleAfter(event)).toContainEqual([['containers', 'page']]);
});
