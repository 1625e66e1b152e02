import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine, type Engine } from '@drover/engine';
import { createFakeEngine } from '@drover/engine/fake';
import { afterEach, describe, expect, test } from 'vitest';
import { SimulatedEngines } from './simulated-engine.ts';
import { SimulatedHost } from './simulated-host.ts';

const engines = new SimulatedEngines();
const opened: Engine[] = [];

function simulatedHost(number = 1) {
  const host = new SimulatedHost({ number, of: 3, containers: 6 });
  const engine = createEngine({ dialer: async () => engines.connect(host) });
  opened.push(engine);
  return { host, engine };
}

afterEach(() => {
  for (const engine of opened.splice(0)) engine.close();
});

/** The fake engine is held to the real ones by its contract; what is simulated has no fields that it lacks, and none of another type. */
describe('a simulated engine answers as the fake one does', () => {
  async function fakeWithContainer() {
    const fake = createFakeEngine();
    fake.control.addImage('busybox');
    const network = await fake.networks.create({ Name: 'app' });
    const { Id } = await fake.containers.create(
      { Image: 'busybox', Cmd: ['sleep', '300'], Labels: { a: 'b' }, HostConfig: { NetworkMode: 'app' } },
      { name: 'one' },
    );
    await fake.containers.start(Id);
    return { fake, id: Id, network };
  }

  test('lists', async () => {
    const { fake } = await fakeWithContainer();
    const [real] = await fake.containers.list({ all: true });
    const [simulated] = await simulatedHost().engine.containers.list({ all: true });
    expect(strange(simulated, real, ['Labels', 'Mounts', 'Ports', 'Networks'])).toEqual([]);
    expect(
      strange(
        Object.values(simulated?.NetworkSettings?.Networks ?? {})[0],
        Object.values(real?.NetworkSettings?.Networks ?? {})[0],
        [],
      ),
    ).toEqual([]);
  });

  test('what it is', async () => {
    const { fake } = await fakeWithContainer();
    expect(
      strange(await simulatedHost().engine.system.info(), await fake.system.info(), ['Swarm', 'Runtimes', 'Plugins']),
    ).toEqual([]);
  });

  test('events', async () => {
    const { fake, id } = await fakeWithContainer();
    const { host, engine } = simulatedHost();
    const [ended] = host.containers.keys();
    const real = nextEvent(fake);
    const simulated = nextEvent(engine);
    await sleep(50);
    fake.control.exitContainer(id, 0);
    host.end(ended ?? '');
    expect(strange(await simulated, await real, ['Attributes'])).toEqual([]);
    expect((await simulated).Actor.ID).toBe(ended);
  });
});

test('it lists by id and by what runs, and says that a container ended', async () => {
  const { host, engine } = simulatedHost();
  const [first = '', second = ''] = host.containers.keys();
  host.end(first);
  expect(await engine.containers.list()).toHaveLength(5);
  const found = await engine.containers.list({ all: true, filters: { id: [first, second, 'nobody'] } });
  expect(found.map(({ Id, State }) => [Id, State])).toEqual([
    [first, 'exited'],
    [second, 'running'],
  ]);
});

test('a manager tells the nodes, a worker refuses as a worker does, and what it does not know is not there', async () => {
  const [{ engine: manager }, { engine: worker }] = [simulatedHost(0), simulatedHost(1)];
  expect((await manager.nodes.list()).map(({ Spec }) => Spec.Role)).toEqual(['manager', 'worker', 'worker']);
  await expect(worker.nodes.list()).rejects.toMatchObject({ code: 'not-a-manager' });
  await expect(manager.volumes.list()).rejects.toMatchObject({ code: 'not-found' });
});

async function nextEvent(engine: Engine) {
  const filters = { type: ['container'], event: ['die'] };
  for await (const watched of engine.events.watch({ filters })) if (watched.type === 'event') return watched.event;
  throw new Error('the events ended');
}

/** Fields of the first, or of objects in it, that the second has not or has in another type; `open` names maps with keys of their own. */
function strange(one: unknown, other: unknown, open: readonly string[], path = ''): string[] {
  if (!isRecord(one) || !isRecord(other)) return typeOf(one) === typeOf(other) ? [] : [path];
  return Object.keys(one).flatMap((key) => {
    const at = `${path}.${key}`;
    if (!(key in other)) return [at];
    return open.includes(key) ? [] : strange(one[key], other[key], open, at);
  });
}

function typeOf(value: unknown): string {
  return value === null ? 'nothing' : Array.isArray(value) ? 'list' : typeof value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeOf(value) === 'object';
}
