import type { Service } from '@drover/compose';
import { describe, expect, test } from 'vitest';
import { dropImages, keepImages, keptReference, recallImages } from '../src/images/kept-images.ts';
import { imageNeed } from '../src/images/pull-policy.ts';
import { type ImageEvent, resolveImages } from '../src/images/resolve.ts';
import { fakeStage } from './fake-stage.ts';
import { makeProject, makeService } from './make-project.ts';

const now = Date.parse('2026-01-10T00:00:00Z');
const day = 86_400_000;

describe('what a pull policy asks for', () => {
  const build = { build: { context: '/srv' } };
  const cases: readonly [string, Partial<Service>, boolean, Parameters<typeof imageNeed>[2] | undefined, string][] = [
    ['nothing, when it is there', {}, true, undefined, 'none'],
    ['a pull, when it is missing', {}, false, undefined, 'pull'],
    ['a pull every time', { pull_policy: 'always' }, true, undefined, 'pull'],
    ['an error, when it may not be pulled', { pull_policy: 'never' }, false, undefined, 'missing'],
    ['a pull of what is a day old', { pull_policy: 'daily' }, true, undefined, 'pull'],
    ['no pull of what is younger', { pull_policy: 'weekly' }, true, undefined, 'none'],
    ['a pull after an interval', { pull_policy: 'every_36h' }, true, undefined, 'pull'],
    ['a pull of what is missing and never is old', { pull_policy: 'missing' }, false, undefined, 'pull'],
    ['no pull of what is there', { pull_policy: 'if_not_present' }, true, undefined, 'none'],
    ['nothing by the word refresh alone', { pull_policy: 'refresh' }, true, undefined, 'none'],
    ['nothing of build without a build', { pull_policy: 'build' }, true, undefined, 'none'],
    ['a build where it may not be pulled', { ...build, pull_policy: 'never' }, false, undefined, 'build'],
    [
      'a pull of what is built, where the file says so',
      { ...build, image: 'app:1', pull_policy: 'always' },
      true,
      undefined,
      'pull',
    ],
    ['a build of what is missing', build, false, undefined, 'build'],
    ['no build of what is there', build, true, undefined, 'none'],
    ['a build every time', { ...build, pull_policy: 'build' }, true, undefined, 'build'],
    ['a build on demand', build, true, { pull: undefined, build: 'always', now }, 'build'],
    ['no pull of what is built here', build, true, { pull: 'always', build: undefined, now }, 'none'],
    ['a pull on demand', {}, true, { pull: 'always', build: undefined, now }, 'pull'],
  ];
  test.each(cases)('%s', (_, sketch, present, request, need) => {
    const state = { present, takenAt: present ? now - 2 * day : undefined };
    expect(imageNeed(makeService(sketch), state, request ?? { pull: undefined, build: undefined, now })).toBe(need);
  });
});

test('an image of which the engine does not know since when it is there counts as old', () => {
  const state = { present: true, takenAt: undefined };
  const request = { pull: undefined, build: undefined, now };
  expect(imageNeed(makeService({ pull_policy: 'weekly' }), state, request)).toBe('pull');
  expect(imageNeed(makeService({}), state, request)).toBe('none');
});

test('images are pulled once each, with progress, and settled for every service', async () => {
  const stage = await fakeStage();
  stage.engine.control.publishImage('redis:7', { config: { Cmd: ['redis-server'], Env: ['A=b'] } });
  const project = makeProject({ a: { image: 'redis:7' }, b: { image: 'redis:7' }, web: {} });
  const events: ImageEvent[] = [];
  const images = await resolveImages({ engine: stage.engine, project, now, onEvent: (event) => events.push(event) });
  expect([...images.keys()].sort()).toEqual(['a', 'b', 'web']);
  expect(images.get('a')).toMatchObject({ ref: 'redis:7', runAs: 'redis:7', config: { Cmd: ['redis-server'] } });
  expect(events.filter(({ type }) => type === 'pulling')).toEqual([
    { type: 'pulling', ref: 'redis:7', services: ['a', 'b'] },
  ]);
  expect(stage.engine.control.calls.filter(({ name }) => name === 'images.pull')).toHaveLength(1);
});

test('an image is asked for once, and again where something was pulled or built meanwhile', async () => {
  const stage = await fakeStage();
  const { control } = stage.engine;
  const asked = () => control.calls.filter(({ name }) => name === 'images.inspect').length;
  control.clearCalls();
  await resolveImages({ engine: stage.engine, project: makeProject({ web: { image: 'app:1' } }), now });
  expect(asked()).toBe(1);
  control.publishImage('redis:7', {});
  control.clearCalls();
  const project = makeProject({ web: { image: 'app:1' }, cache: { image: 'redis:7' } });
  const images = await resolveImages({ engine: stage.engine, project, now });
  expect(asked()).toBe(4);
  expect([...images.keys()].sort()).toEqual(['cache', 'web']);
});

test('an image that cannot be pulled is named with its service and line', async () => {
  const stage = await fakeStage();
  const project = makeProject({ web: { image: 'nothere:9' } });
  const provenance = () => ({ file: '/srv/compose.yaml', line: 3, column: 5, start: 0, end: 0 });
  await expect(resolveImages({ engine: stage.engine, project, now, provenance })).rejects.toThrow(
    /^web: pulling .*nothere:9.*\(\/srv\/compose\.yaml:3:5\)$/s,
  );
});

test('a build carries the labels and the name that docker compose gives', async () => {
  const stage = await fakeStage();
  stage.engine.control.publishImage('build:shop-web', { config: { Cmd: ['serve'] } });
  const { image: _, ...built } = makeService({ build: { context: '/srv/web', args: { A: null } } });
  const project = makeProject({}, { services: { web: built } });
  const images = await resolveImages({ engine: stage.engine, project, now });
  expect(images.get('web')).toMatchObject({ ref: 'shop-web' });
});

test('a kept image outlives its tag, and a rollback finds the very same', async () => {
  const stage = await fakeStage();
  const request = { engine: stage.engine, stack: 'shop', revision: 3 };
  const project = makeProject({ web: { image: 'app:1' } });
  const images = await resolveImages({ engine: stage.engine, project, now });
  await keepImages(request, images);
  expect(await recallImages(request, images)).toEqual(images);

  await stage.engine.images.tag('app:2', 'app:1');
  const recalled = await recallImages(request, images);
  expect(recalled.get('web')).toMatchObject({ id: images.get('web')?.id, ref: 'app:1', runAs: 'drover/shop:r3-web' });

  await dropImages(request);
  await expect(recallImages(request, images)).rejects.toThrow('web: the image app:1 of revision 3');
});

test('an image that several services run is kept once, and found for each', async () => {
  const stage = await fakeStage();
  const request = { engine: stage.engine, stack: 'shop', revision: 3 };
  const project = makeProject({ web: { image: 'app:1' }, worker: { image: 'app:1' }, db: { image: 'app:2' } });
  const images = await resolveImages({ engine: stage.engine, project, now });
  await keepImages(request, images);
  const kept = (await stage.engine.images.list()).flatMap(({ RepoTags }) => RepoTags ?? []);
  expect(kept.filter((tag) => tag.startsWith('drover/')).sort()).toEqual(['drover/shop:r3-db', 'drover/shop:r3-web']);
  await stage.engine.images.tag('app:2', 'app:1');
  const recalled = await recallImages(request, images);
  expect(recalled.get('worker')).toMatchObject({ id: images.get('worker')?.id, runAs: 'drover/shop:r3-web' });
});

test('names that are no legal repositories are spelled out, and never meet others', () => {
  expect(keptReference('shop', 1, 'Web.x')).toBe('drover/shop:r1-Web.x');
  expect(keptReference('a_-b', 1, 'w')).toBe(`drover/x.${Buffer.from('a_-b').toString('hex')}:r1-w`);
});
