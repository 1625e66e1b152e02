import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.stop());

const codeOf = (url: string) => /#\/sign-in\/([A-Za-z0-9_-]{43})$/.exec(url)?.[1] ?? '';

test('a sign-in link works once, and its session survives a restart', async () => {
  const { url } = await stage.client.session.link();
  expect(url.startsWith(`${stage.url}/#/sign-in/`)).toBe(true);
  const { token } = await stage.client.session.exchange({ code: codeOf(url) });
  await expect(stage.client.session.exchange({ code: codeOf(url) })).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  expect(await stage.clientWith(token).session.whoami()).toEqual({ name: 'admin' });
  await stage.restart();
  expect(await stage.clientWith(token).session.whoami()).toEqual({ name: 'admin' });
});

test('a new link ends the one before it', async () => {
  const first = await stage.client.session.link();
  const second = await stage.client.session.link();
  await expect(stage.client.session.exchange({ code: codeOf(first.url) })).rejects.toMatchObject({ status: 401 });
  await expect(stage.client.session.exchange({ code: codeOf(second.url) })).resolves.toHaveProperty('token');
});

test('guessing sign-in codes is slowed down', async () => {
  const answers = [];
  for (let i = 0; i < 12; i += 1)
    answers.push((await stage.call('POST', '/session', { token: null, body: { code: `guess${i}` } })).status);
  expect(answers.slice(0, 10)).toEqual(Array(10).fill(401));
  expect(answers.slice(10)).toEqual([429, 429]);
});

test('signing out ends the session and its streams', async () => {
  const { url } = await stage.client.session.link();
  const { token } = await stage.client.session.exchange({ code: codeOf(url) });
  const browser = stage.clientWith(token);
  const events = await browser.system.events({});
  const ended = (async () => {
    for await (const _ of events);
    return 'ended';
  })();
  expect(await browser.session.end()).toEqual({ ended: true });
  await expect(ended).resolves.toBe('ended');
  await expect(browser.session.whoami()).rejects.toMatchObject({ status: 401 });
});

test('rotating ends the admin token and every session, and the new one is in the file', async () => {
  const { url } = await stage.client.session.link();
  const { token: session } = await stage.client.session.exchange({ code: codeOf(url) });
  const { tokenFile } = await stage.client.session.rotate();
  await expect(stage.client.session.whoami()).rejects.toMatchObject({ status: 401 });
  await expect(stage.clientWith(session).session.whoami()).rejects.toMatchObject({ status: 401 });
  const next = readFileSync(tokenFile, 'utf8').trim();
  expect(next).not.toBe(stage.token);
  expect(statSync(tokenFile).mode & 0o777).toBe(0o600);
  expect(await stage.clientWith(next).session.whoami()).toEqual({ name: 'admin' });
});

test('no token and no code is in the store in clear', async () => {
  const { url } = await stage.client.session.link();
  const code = codeOf(url);
  const { token } = await stage.client.session.exchange({ code });
  const second = codeOf((await stage.client.session.link()).url);
  const stored = Buffer.concat(
    ['drover.db', 'drover.db-wal'].map((name) => readFileSync(join(stage.dataDir, name))),
  ).toString('latin1');
  for (const secret of [code, second, token, stage.token]) expect(stored).not.toContain(secret);
});
