import { type ContainerChange, readChange, writeChange } from '@drover/engine';
import { createFakeEngine } from '@drover/engine/fake';
import { beforeAll, describe, expect, it } from 'vitest';

let connected: Extract<ContainerChange, { type: 'connected' }>;
let summary: Record<string, unknown>;

beforeAll(async () => {
  const engine = createFakeEngine();
  engine.control.addImage('web');
  await engine.containers.create({ Image: 'web', Cmd: ['run'] }, { name: 'web-1' });
  const containers = await engine.containers.list({ all: true });
  connected = { type: 'connected', info: await engine.system.info(), apiVersion: '1.51', containers };
  summary = { ...containers[0] };
});

const event = {
  Type: 'container',
  Action: 'die',
  Actor: { ID: 'c1', Attributes: { exitCode: '1' } },
  scope: 'local',
  time: 1_790_000_000,
  timeNano: '1790000000000000001',
};

describe('a change goes over as a line', () => {
  it('everything', () => {
    expect(readChange(writeChange(connected))).toEqual(connected);
  });

  it('an event, to the nanosecond', () => {
    const change = { type: 'event', event } as ContainerChange;
    expect(readChange(writeChange(change))).toEqual(change);
  });

  it('a list of some and of all', () => {
    const { containers } = connected;
    const some: ContainerChange = { type: 'listed', covers: 2, ids: [containers[0]!.Id, 'gone'], containers };
    expect(readChange(writeChange(some))).toEqual(some);
    const all: ContainerChange = { type: 'listed', covers: 60, containers };
    expect(readChange(writeChange(all))).toEqual(all);
  });

  it('a loss with its reason', () => {
    const told = readChange(writeChange({ type: 'lost', error: new Error('the engine stopped') }));
    expect(told).toMatchObject({ type: 'lost', error: { reason: 'the engine stopped', code: 'connection-lost' } });
  });
});

it.each<[string, () => unknown]>([
  ['no JSON', () => undefined],
  ['it is no object', () => [1]],
  ['it is of no known type: undefined', () => ({})],
  ['it is of no known type: exec', () => ({ type: 'exec' })],
  ['info is no object', () => ({ ...connected, info: null })],
  ['NCPU is no number', () => ({ ...connected, info: { ...connected.info, NCPU: 'two' } })],
  ['apiVersion is no text', () => ({ ...connected, apiVersion: 1 })],
  ['containers is no list', () => ({ ...connected, containers: {} })],
  ['a container is no object', () => ({ ...connected, containers: ['c1'] })],
  ['Id is no text', () => ({ ...connected, containers: [{ ...summary, Id: 5 }] })],
  ['Names is no list', () => ({ ...connected, containers: [{ ...summary, Names: null }] })],
  ['Labels is no object', () => ({ ...connected, containers: [{ ...summary, Labels: null }] })],
  ['Labels is no text', () => ({ ...connected, containers: [{ ...summary, Labels: { a: 1 } }] })],
  ['Created is no number', () => ({ ...connected, containers: [{ ...summary, Created: 'now' }] })],
  ['PrivatePort is no number', () => ({ ...connected, containers: [{ ...summary, Ports: [{ Type: 'tcp' }] }] })],
  ['Networks is no object', () => ({ ...connected, containers: [{ ...summary, NetworkSettings: {} }] })],
  ['the event is no object', () => ({ type: 'event' })],
  ['time is no time', () => ({ type: 'event', event: { ...event, time: 1e300 } })],
  ['Attributes is no object', () => ({ type: 'event', event: { ...event, Actor: { ID: 'c1' } } })],
  ['covers is no number', () => ({ type: 'listed', ids: [], containers: [] })],
  [
    'it lists a container that no event named',
    () => ({ type: 'listed', covers: 1, ids: ['c1'], containers: connected.containers }),
  ],
  ['reason is no text', () => ({ type: 'lost' })],
])('refuses a line because %s', (reason, line) => {
  const text = line() === undefined ? '{"type":' : JSON.stringify(line());
  if (line() === undefined) expect(() => readChange(text)).toThrow(SyntaxError);
  else expect(() => readChange(text)).toThrow(new TypeError(reason));
});
