import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { accessibilityProblems } from './stage/accessibility.ts';
import { FakeSite } from './stage/fake-site.ts';
import { launchBrowser, WatchedPage } from './stage/watched-page.ts';
import { buildWeb } from './stage/web-build.ts';

// Two environments over two engines in memory: what is shown, where it is, and that nothing of one is shown in the other.
let browser: Browser;
let site: FakeSite;
let watched: WatchedPage;
beforeAll(async () => {
  await buildWeb();
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  site = await FakeSite.open();
  watched = await WatchedPage.open(browser, { token: site.token });
});
afterEach(async () => {
  const { problems } = watched;
  await watched.close();
  await site.close();
  expect(problems).toEqual([]);
});

const stack = (image: string) => `services:\n  web:\n    image: ${image}\n    ports: ["8080:80"]\n`;

test('pages, links and the way back stay in their environment', { timeout: 120_000 }, async (context) => {
  const { page } = watched;
  context.onTestFailed(({ task }) => watched.explain(task.result?.errors?.[0]));
  await site.deploy('shop', stack('nginx:1.27'));
  await page.goto(`${site.url}/stacks`);
  await page.getByRole('heading', { name: 'Stacks', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'shop' }).first().waitFor();
  // With one environment there is nothing to switch.
  expect(await page.getByRole('button', { name: /^Environment / }).count()).toBe(0);

  await page.getByRole('link', { name: 'Environments' }).click();
  await page.getByLabel('New environment').fill('West');
  await page.getByText('Lower-case letters, digits').waitFor();
  await page.getByLabel('New environment').fill('west');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('row', { name: /west/ }).waitFor();
  const remove = page.getByRole('row', { name: /local/ }).getByRole('button', { name: 'Remove…' });
  expect(await remove.getAttribute('aria-disabled')).toBe('true');
  await site.deploy('blog', stack('nginx:1.26'), '/environments/west');

  await page.getByRole('link', { name: 'Containers' }).click();
  await page.getByText('shop-web-1').waitFor();
  await page.getByRole('button', { name: 'Environment local' }).click();
  await page.getByRole('menuitem', { name: 'west' }).click();
  await page.getByText('blog-web-1').waitFor();
  expect(page.url()).toBe(`${site.url}/e/west/host/containers`);
  expect(await page.getByText('shop').count()).toBe(0);
  expect(await page.title()).toBe('Containers · west · Drover');

  // Links lead on within the environment; a page of it can be loaded by its address.
  await page.getByRole('link', { name: 'blog' }).first().click();
  await page.getByRole('heading', { name: 'blog', level: 1 }).waitFor();
  expect(page.url()).toBe(`${site.url}/e/west/stacks/blog`);
  await page.reload();
  await page.getByRole('heading', { name: 'blog', level: 1 }).waitFor();
  await page.getByText('8080').first().waitFor();
  // The browser is not on that machine.
  expect(await page.getByRole('link', { name: /8080/ }).count()).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);

  // An event of west, and none of local, changes what is shown.
  await site.deploy('news', stack('nginx:1.27').replace('8080', '8081'), '/environments/west');
  await page.getByRole('link', { name: 'news' }).first().waitFor();

  // Back goes back over the switch.
  await page.goBack();
  await page.getByText('blog-web-1').waitFor();
  await page.goBack();
  await page.getByText('shop-web-1').waitFor();
  expect(page.url()).toBe(`${site.url}/host/containers`);
  expect(await page.getByText('blog').count()).toBe(0);
});

test('a terminal opens in the environment of its container', { timeout: 60_000 }, async () => {
  const { page } = watched;
  await site.call('POST', '/environments', { name: 'west' });
  await site.deploy('blog', stack('nginx:1.26'), '/environments/west');
  const opened = page.waitForEvent('websocket');
  await page.goto(`${site.url}/e/west/containers/blog-web-1/terminal`);
  expect((await opened).url()).toMatch(/\/api\/environments\/west\/containers\/[^/]+\/exec\?ticket=/);
});

test('an environment that is not there says so, and leads out', { timeout: 60_000 }, async () => {
  const { page } = watched;
  await page.goto(`${site.url}/e/nowhere/stacks`);
  await page.getByRole('heading', { name: 'There is no such environment' }).waitFor();
  await page.getByRole('link', { name: 'Go to the environment of this server' }).click();
  await page.getByRole('heading', { name: 'Stacks', level: 1 }).waitFor();
  expect(page.url()).toBe(`${site.url}/stacks`);
});

test('the environment that one is in can be removed, and the page goes on in the one of the server', async () => {
  const { page } = watched;
  await site.call('POST', '/environments', { name: 'west' });
  await page.goto(`${site.url}/e/west/environments`);
  await page.getByRole('row', { name: /west/ }).getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.waitForURL(`${site.url}/environments`);
  await page.getByRole('row', { name: /local/ }).waitFor();
  expect(await page.getByRole('row', { name: /west/ }).count()).toBe(0);
});
