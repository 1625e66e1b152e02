import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compose, follow, succeed } from './stage/follow.ts';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
  for (const image of ['web:1', 'web:2'])
    stage.engine.control.addImage(image, { config: { Cmd: ['run'] }, content: image });
  stage.engine.control.publishImage('new:1', { config: { Cmd: ['run'] } });
});
afterEach(() => stage.stop());

const withSocket = (image: string): string => `services:
  web:
    image: ${image}
    use_api_socket: true
    attach: false
`;
const accept = ['service.use_api_socket'];
const options = (more: object) => ({
  pull: 'policy' as const,
  build: false,
  forceRecreate: false,
  removeOrphans: false,
  timeout: 60,
  ...more,
});

/** The calls that changed something in the engine. */
const changes = (): string[] =>
  stage.engine.control.calls
    .map(({ name }) => name)
    .filter((name) => !/\.(list|inspect|info|ping|version|events|apiVersion|df|usage|stats|logs)$/.test(name));

describe('a refused field', () => {
  test('ends a deploy before anything is touched, with its line', async () => {
    stage.engine.control.clearCalls();
    const answer = await stage.call('POST', '/stacks/shop/deploy', { body: { source: compose(withSocket('new:1')) } });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      message: expect.stringMatching(/compose\.yaml:4:21: use_api_socket of web is refused on one engine: the socket/),
      data: {
        reason: 'invalid-source',
        diagnostics: [
          {
            severity: 'error',
            field: 'service.use_api_socket',
            path: ['services', 'web', 'use_api_socket'],
            origin: { line: 4, column: 21 },
          },
        ],
      },
    });
    expect(changes()).toEqual([]);
    expect(await stage.client.stacks.list()).toEqual([]);
    const plan = await stage.call('POST', '/stacks/shop/plan', { body: { source: compose(withSocket('new:1')) } });
    expect(plan.status).toBe(422);
    expect(changes()).toEqual([]);
    // The same files without the field do pull and make: the filter above does see changes.
    await succeed(
      stage.client,
      stage.client.stacks.deploy({ name: 'shop', source: compose('services: {web: {image: new:1}}\n') }),
    );
    expect(changes()).toEqual(expect.arrayContaining(['images.pull', 'containers.create', 'containers.start']));
  });

  test('that is accepted is left out, told of, kept with the revision, and used again on the way back to it', async () => {
    const plan = await stage.client.stacks.plan({
      name: 'shop',
      source: compose(withSocket('web:1')),
      options: options({ accept }),
    });
    expect(plan.diagnostics.map(({ message, origin }) => `${origin?.line}: ${message}`)).toEqual([
      expect.stringMatching(/^5: attach of web is ignored on one engine: /),
      expect.stringMatching(/^4: service\.use_api_socket of web is left out, as was accepted: the socket /),
    ]);
    await succeed(
      stage.client,
      stage.client.stacks.deploy({ name: 'shop', source: compose(withSocket('web:1')), options: options({ accept }) }),
    );
    const [container] = await stage.engine.containers.list();
    expect((await stage.engine.containers.inspect(container?.Id ?? '')).Mounts).toEqual([]);
    await succeed(
      stage.client,
      stage.client.stacks.deploy({ name: 'shop', source: compose('services: {web: {image: web:2}}\n') }),
    );
    const accepted = async () =>
      (await stage.client.stacks.revisions({ name: 'shop' })).map(({ number, accepted: names }) => [number, names]);
    expect(await accepted()).toEqual([
      [2, []],
      [1, accept],
    ]);
    expect((await stage.client.stacks.revisionSource({ name: 'shop', revision: 1 })).revision.accepted).toEqual(accept);
    await stage.restart();
    expect((await stage.client.stacks.plan({ name: 'shop', revision: 1 })).services).toMatchObject([
      { service: 'web', change: 'recreated' },
    ]);
    const { events } = await succeed(stage.client, stage.client.stacks.rollback({ name: 'shop', revision: 1 }));
    expect(await accepted()).toEqual([
      [3, accept],
      [2, []],
      [1, accept],
    ]);
    const told = events.flatMap((event) => (event.type === 'plan' ? event.plan.diagnostics : []));
    expect(told.map(({ message }) => message)).toContainEqual(expect.stringContaining('left out, as was accepted'));
    // A one-off container of the stack leaves out what its revision does.
    expect(await stage.client.stacks.run({ name: 'shop', service: 'web' })).toMatchObject({
      name: expect.stringMatching(/^shop-web-run-/),
    });
  });

  test.each([0, 150, 300])('a deploy that a stop cuts off after %i ms goes on with what was accepted', async (ms) => {
    stage.engine.control.setLatency({ '*': 40 });
    const started = await stage.client.stacks.deploy({
      name: 'shop',
      source: compose(withSocket('web:1')),
      options: options({ accept }),
    });
    await setTimeout(ms);
    expect((await stage.client.deployments.get({ id: started.deployment.id })).endedAt).toBeUndefined();
    await stage.restart();
    const { deployment } = await follow(stage.client, started);
    expect(deployment).toMatchObject({ state: 'succeeded', revision: 1 });
    expect((await stage.client.stacks.revisions({ name: 'shop' }))[0]?.accepted).toEqual(accept);
  });

  test('a name that is none, and a field that nothing is left without, are refused with a sentence', async () => {
    const deploy = (text: string, names: readonly string[]) =>
      stage.call('POST', '/stacks/shop/deploy', { body: { source: compose(text), options: { accept: names } } });
    expect(await deploy(withSocket('web:1'), ['service.use_api_sockt'])).toMatchObject({
      status: 400,
      body: {
        message:
          'accepting service.use_api_sockt: there is no field service.use_api_sockt; did you mean service.use_api_socket?',
      },
    });
    const external = 'services: {web: {image: web:1, secrets: [s]}}\nsecrets: {s: {external: true}}\n';
    expect(await deploy(external, ['secret.external'])).toMatchObject({
      status: 400,
      body: {
        message: expect.stringMatching(/^accepting secret\.external: without it nothing sensible is left; give /),
      },
    });
  });
});

describe('check', () => {
  test('gives the verdict on every field, of the files sent or of those saved', async () => {
    const source = compose(withSocket('web:1'));
    const { report, diagnostics } = await stage.client.stacks.check({ name: 'shop', source });
    expect(diagnostics).toEqual([]);
    expect(report?.target).toBe('engine');
    expect(report?.counts).toMatchObject({ refused: 1, ignored: 1, emulated: 0 });
    expect(report?.fields.find(({ field }) => field === 'service.use_api_socket')).toMatchObject({
      verdict: 'refused',
      acceptable: true,
      service: 'web',
      origin: { line: 4, column: 21 },
      instead: expect.stringContaining('/var/run/docker.sock'),
    });
    await stage.client.stacks.save({ name: 'shop', source });
    expect((await stage.client.stacks.check({ name: 'shop' })).report).toEqual(report);
  });

  test('of a Swarm, with facts about its hosts', async () => {
    const source = compose('services: {web: {image: web:1, ports: ["80:80"]}}\n');
    const verdict = async (facts: { ipvs: boolean }) =>
      (await stage.client.stacks.check({ name: 'shop', source, target: 'swarm', facts })).report?.fields.find(
        ({ field }) => field === 'service.ports.mode',
      )?.verdict;
    expect(await verdict({ ipvs: true })).toBe('honoured');
    expect(await verdict({ ipvs: false })).toBe('emulated');
  });

  test('of files with errors says what is wrong, and of facts that are none, too', async () => {
    const broken = await stage.client.stacks.check({ name: 'shop', source: compose('services: {web: {imagee: x}}\n') });
    expect(broken.report).toBeUndefined();
    expect(broken.diagnostics).toContainEqual(expect.objectContaining({ severity: 'error', suggestion: 'image' }));
    const bad = await stage.call('POST', '/stacks/shop/check', {
      body: { source: compose('services: {web: {image: x}}\n'), facts: { apiVerson: '1.44' } },
    });
    expect(bad.status).toBe(400);
  });

  test('asks the engine which container runtimes it knows', async () => {
    const source = compose('services: {web: {image: web:1, runtime: nvidia}}\n');
    const { report } = await stage.client.stacks.check({ name: 'shop', source });
    expect(report?.counts.refused).toBe(1);
  });
});
