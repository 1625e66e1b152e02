import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
let container: string;
beforeAll(async () => {
  stage = await openStage();
  stage.engine.control.addImage('tool:1', { config: { Cmd: ['run'] } });
  const { Id } = await stage.engine.containers.create({ Image: 'tool:1' }, { name: 'tool' });
  await stage.engine.containers.start(Id);
  container = Id;
});
afterAll(() => stage.stop());

const sync = (body: object, id = container) =>
  stage.call('POST', `/containers/${id}/sync`, { body: { files: [], remove: [], ...body } });

test('files are written with their modes, as root', async () => {
  const files = [
    { path: '/srv/page.html', text: 'hello' },
    { path: '/srv/deep/run.sh', base64: Buffer.from('#!/bin/sh\n').toString('base64'), mode: 0o755 },
  ];
  expect((await sync({ files })).body).toEqual({ written: 2, removed: 0 });
  const { archive } = await stage.engine.containers.getArchive(container, '/srv/deep/run.sh');
  for await (const entry of Readable.from(archive).pipe(extract())) {
    expect(entry.header).toMatchObject({ mode: 0o755, uid: 0, gid: 0 });
    expect((await buffer(entry)).toString()).toBe('#!/bin/sh\n');
  }
});

test.each([
  ['a path upwards', { files: [{ path: '/srv/../etc/passwd', text: 'x' }] }],
  ['a path from nowhere', { files: [{ path: 'srv/page.html', text: 'x' }] }],
  ['a removal upwards', { remove: ['/srv/../../etc'] }],
  ['the removal of everything', { remove: ['/'] }],
  ['a link', { files: [{ path: '/srv/link', link: '/etc/passwd' }] }],
  ['a file that was not uploaded', { files: [{ path: '/srv/a', sha256: 'a'.repeat(64), size: 1 }] }],
])('%s is refused', async (_, body) => {
  expect((await sync(body)).status).toBe(400);
});

test('more than 64 MB, and a container that does not run, are refused', async () => {
  expect((await sync({ files: [{ path: '/a', sha256: 'a'.repeat(64), size: 65 * 1024 ** 2 }] })).status).toBe(413);
  const { Id } = await stage.engine.containers.create({ Image: 'tool:1' }, { name: 'idle' });
  expect((await sync({ files: [{ path: '/a', text: 'x' }] }, Id)).body).toMatchObject({
    message: 'synchronising idle: it does not run',
  });
});
