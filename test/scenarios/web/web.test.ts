import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { accessibilityProblems } from './stage/accessibility.ts';
import { FakeSite } from './stage/fake-site.ts';
import { launchBrowser, type PageOptions, WatchedPage } from './stage/watched-page.ts';
import { buildWeb } from './stage/web-build.ts';

// The UI over an engine in memory: what it does by itself. What it does to a real engine is in `first-day.real.test.ts`.
let browser: Browser;
let site: FakeSite;
let watched: WatchedPage[];
beforeAll(async () => {
  await buildWeb();
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  watched = [];
  site = await FakeSite.open();
});
afterEach(async () => {
  const problems = watched.flatMap((each) => each.problems);
  await Promise.all(watched.map((each) => each.close()));
  await site.close();
  expect(problems).toEqual([]);
});

async function open(path: string, options: PageOptions = {}): Promise<WatchedPage> {
  const opened = await WatchedPage.open(browser, { token: site.token, ...options });
  watched.push(opened);
  await opened.page.goto(`${site.url}${path}`);
  return opened;
}

const shop = `services:
  web:
    image: nginx:1.27
    scale: 2
    depends_on: [cache]
    volumes: ["files:/files"]
  cache:
    image: redis:7.4
volumes:
  files:
`;

test('the link signs in once and leaves its code nowhere', async () => {
  const link = await site.signInLink();
  const first = await WatchedPage.open(browser);
  watched.push(first);
  await first.page.goto(link);
  await first.page.getByRole('heading', { name: 'Stacks', level: 1 }).waitFor();
  expect(first.page.url()).toBe(`${site.url}/stacks`);
  const second = await WatchedPage.open(browser);
  watched.push(second);
  await second.page.goto(link);
  await second.page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  expect(await second.page.getByLabel('Admin token').isVisible()).toBe(true);
  // The token signs in as well, and signing out ends that.
  await second.page.getByLabel('Admin token').fill('wrong');
  await second.page.getByRole('button', { name: 'Sign in' }).click();
  await second.page.getByRole('alert').filter({ hasText: /token/i }).waitFor();
  await second.page.getByLabel('Admin token').fill(site.token);
  await second.page.getByRole('button', { name: 'Sign in' }).click();
  await second.page.getByRole('heading', { name: 'Stacks', level: 1 }).waitFor();
});

test('a pasted file is checked where it stands, planned, and deployed', async () => {
  const { page } = await open('/stacks');
  await page.getByRole('heading', { name: 'Start with a compose file' }).waitFor();
  await page.getByRole('button', { name: 'Use the example' }).click();
  const editor = watched.at(-1)!;
  await editor.paste(shop.replace('image: redis', 'imag: redis'));
  await page.getByText('compose.yaml, line 8, column 5').waitFor();
  expect(await page.locator('.cm-lintRange-error').first().textContent()).toBe('imag');
  const deploy = page.getByRole('button', { name: 'Deploy' });
  expect(await deploy.getAttribute('aria-disabled')).toBe('true');

  await editor.paste(shop);
  await page.getByLabel('Name').fill('shop');
  await page.getByRole('region', { name: 'Plan' }).getByText('Creates cache and web.').waitFor();
  await deploy.click();
  await page.waitForURL('**/deployments/*');
  await page.getByText('Succeeded').waitFor();
  await page.getByText('Create shop-web-2').waitFor();
  await page.getByRole('link', { name: 'To the stack' }).click();
  await page.getByRole('link', { name: 'shop-web-2: Running' }).waitFor();
});

test('a deploy that is watched is undone where something ends within that time', async () => {
  site.engine.control.addImage('late:1', { config: { Cmd: ['run'] }, behaviour: { exitAfter: 500, exitCode: 3 } });
  const { page } = await open('/stacks/new');
  await watched.at(-1)!.paste('services:\n  web:\n    image: late:1\n');
  await page.getByLabel('Name').fill('late');
  await page.getByRole('region', { name: 'Plan' }).getByText('Creates web.').waitFor();
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByLabel('Watch for ten seconds').check();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Deploy' }).click();
  await page.waitForURL('**/deployments/*');
  await page.getByText('checking late-web-1: it ended with code 3').first().waitFor();
  await expect.poll(() => site.engine.containers.list({ all: true })).toEqual([]);
});

test('every field has a verdict while it is typed, and a refused one can be left out knowingly', async () => {
  const { page } = await open('/stacks/new');
  const editor = watched.at(-1)!;
  const asked = shop.replace('scale: 2', 'use_api_socket: true\n    attach: false\n    privileged: true');
  await editor.paste(asked);
  await page.getByLabel('Name').fill('shop');
  const verdicts = page.getByRole('region', { name: 'Verdicts' });
  const counts = verdicts.getByRole('button', { name: /^Verdicts on the fields: / });
  await verdicts.getByRole('button', { name: /1 ignored, 1 refused$/ }).waitFor();
  expect(await page.locator('.cm-lintRange-error').first().textContent()).toBe('true');

  // By keyboard: what is not honoured, with its reason, and from there to its place.
  await counts.focus();
  await page.keyboard.press('Enter');
  await verdicts.getByText('use_api_socket of web').waitFor();
  await verdicts.getByText(/^Instead: .*docker\.sock/).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.locator('.cm-activeLine').textContent()).toContain('use_api_socket');
  await verdicts.getByRole('button', { name: 'Swarm' }).click();
  await verdicts.getByText('privileged of web').waitFor();
  await verdicts.getByText(/runs as a container pinned to one host/).waitFor();
  await verdicts.getByRole('button', { name: 'One engine' }).click();
  await counts.click();

  // The server refuses it, and the page offers the way out.
  const deploy = page.getByRole('button', { name: 'Deploy' });
  const check = page.getByRole('region', { name: 'Check' });
  await check.getByRole('button', { name: 'Leave service.use_api_socket out' }).click();
  await check.getByText(/service\.use_api_socket of web is left out, as was accepted/).waitFor();
  await page.getByRole('button', { name: 'Options (1)' }).click();
  expect(await page.getByLabel('Leave out service.use_api_socket').isChecked()).toBe(true);
  await page.keyboard.press('Escape');
  await deploy.click();
  await page.waitForURL('**/deployments/*');
  await page.getByText('Succeeded').waitFor();
  await page.goto(`${site.url}/stacks/shop/history`);
  await page.getByText('without service.use_api_socket').waitFor();
});

test('the verdicts can be read by everybody, and move nothing', async () => {
  const text = shop.replace('scale: 2', 'use_api_socket: true\n    attach: false\n    privileged: true');
  const source = { composeFiles: ['compose.yaml'], files: [{ path: 'compose.yaml', text }] };
  await site.call('PUT', '/stacks/shop', { source });
  for (const colours of ['light', 'dark'] as const) {
    const opened = await open('/stacks/shop/edit', { colours });
    const verdicts = opened.page.getByRole('region', { name: 'Verdicts' });
    await verdicts.getByRole('button', { name: /1 refused$/ }).waitFor();
    await opened.page.getByRole('button', { name: 'Leave service.use_api_socket out' }).waitFor();
    expect(await opened.layoutShift()).toBeLessThan(0.02);
    await verdicts.getByRole('button', { name: 'Swarm' }).click();
    await verdicts.getByRole('button', { name: /^Verdicts on the fields: / }).click();
    await verdicts.getByText('Emulated').waitFor();
    expect(await accessibilityProblems(opened.page)).toEqual([]);
  }
});

test('the keyboard alone is enough', async () => {
  const { page } = await open('/stacks');
  await page.getByRole('heading', { name: 'Stacks', level: 1 }).waitFor();
  await page.keyboard.press('n');
  await page.getByLabel('Text of compose.yaml').waitFor();
  await page.getByLabel('Name').focus();
  await page.keyboard.type('keys');
  await page.getByLabel('Text of compose.yaml').focus();
  await page.keyboard.insertText(shop);
  await page.getByText('Creates cache and web.').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.waitForURL('**/deployments/*');
  await page.getByText('Succeeded').waitFor();

  await page.keyboard.press('Control+k');
  await page.locator('input[aria-label="Command"]:focus').waitFor();
  await page.keyboard.type('keys');
  // Enter does what is chosen, and nothing before there is something.
  await page.getByRole('option', { name: 'Stack keys', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/stacks/keys');
  await page.getByRole('link', { name: 'keys-web-2: Running' }).waitFor();
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('4');
  await page.getByRole('region', { name: 'Log lines' }).waitFor();
  await page.keyboard.press('/');
  await expect.poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Search the log');
  await page.keyboard.press('Tab');
  await page.keyboard.press('g');
  await page.keyboard.press('v');
  await page.waitForURL('**/host/volumes');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');

  // From the top of the page every step of the Tab key lands on something that shows that it has the focus.
  await page.goto(`${site.url}/stacks/keys`);
  await page
    .getByRole('link', { name: 'shop' })
    .or(page.getByRole('link', { name: 'web' }))
    .first()
    .waitFor();
  const unseen: string[] = [];
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press('Tab');
    const hidden = await page.evaluate<string | null>(`(() => {
      const element = document.activeElement;
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
      if (element === document.body) return null;
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none' ? null : element.outerHTML.slice(0, 120) + borderColor;
    })()`);
    if (hidden !== null) unseen.push(hidden);
  }
  expect(unseen).toEqual([]);
});

test('colours follow the system, can be chosen, and never flash', async () => {
  const { page } = await open('/stacks', { colours: 'dark' });
  const scheme = (): Promise<unknown> => page.evaluate('document.documentElement.dataset.mantineColorScheme');
  await page.getByRole('heading', { name: 'Stacks', level: 1 }).waitFor();
  expect(await scheme()).toBe('dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(scheme).toBe('light');
  await page.getByRole('button', { name: 'Preferences' }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  await expect.poll(scheme).toBe('dark');

  // Before any of the application's own code has come, the page is dark already.
  await page.route('**/assets/*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 800));
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  await expect.poll(() => page.evaluate('document.getElementById("root")?.childElementCount')).toBe(0);
  expect(await scheme()).toBe('dark');
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(17, 18, 16)');
  await page.getByRole('heading', { name: 'Stacks', level: 1 }).waitFor();
});

const rooms = [
  '/stacks',
  '/stacks/new',
  '/stacks/shop',
  '/stacks/shop/edit',
  '/stacks/shop/variables',
  '/stacks/shop/logs',
  '/stacks/shop/history',
  '/containers/shop-web-1/logs',
  '/containers/shop-web-1/plots',
  '/containers/shop-web-1/inspect',
  '/hosts',
  '/host/containers',
  '/host/images',
  '/host/networks',
  '/host/volumes',
  '/host/disk',
  '/host/registries',
  '/environments',
] as const;

test('every room fills itself without moving anything, and can be read by everybody', {
  timeout: 240_000,
}, async () => {
  await site.deploy('shop', shop);
  const problems = await Promise.all([
    visitRooms('light', { width: 1440, colours: 'light' }),
    visitRooms('dark', { width: 1440, colours: 'dark' }),
    visitRooms('narrow', { width: 390 }),
  ]);
  expect(problems.flat()).toEqual([]);
});

async function visitRooms(name: string, options: PageOptions): Promise<string[]> {
  const found: string[] = [];
  const visited = await open('/stacks', options);
  for (const room of rooms) {
    await fill(visited, room);
    const shift = await visited.layoutShift();
    if (shift >= 0.02) found.push(`${room}, ${name}, moves: ${shift.toFixed(3)}`);
    if (await visited.page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth'))
      found.push(`${room}, ${name}, is wider than its screen`);
    for (const problem of await accessibilityProblems(visited.page)) found.push(`${room}, ${name}: ${problem}`);
  }
  return found;
}

/** Loads a room anew and gives it the time that what comes late may take. */
async function fill({ page }: WatchedPage, room: string): Promise<void> {
  await page.goto(`${site.url}${room}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForTimeout(700);
}

test('the reader of pages finds what it looks for', async () => {
  const { page } = await open('/stacks');
  await page.getByRole('heading', { name: 'Stacks', level: 1 }).waitFor();
  await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
    '<button></button><p id="twice" style="color: #bbb">faint</p><p id="twice">.</p><h1>Second</h1><svg></svg>')`);
  const found = (await accessibilityProblems(page)).map((problem) => problem.split(/:| \d/)[0]);
  expect(found.sort()).toEqual(['a picture without a word', 'contrast', 'id twice', 'main titles', 'no name']);
});

test('what may not be done says why; what destroys asks by name', async () => {
  await site.deploy('shop', shop);
  await site.call('POST', '/stacks/shop/stop', {});
  const { page } = await open('/stacks/shop');
  await page.getByText('Stopped').first().waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove shop' });
  await dialog.getByLabel(/^shop_files/).check();
  const remove = dialog.getByRole('button', { name: 'Remove with 1 volume' });
  expect(await remove.isEnabled()).toBe(false);
  await dialog.getByLabel(/to confirm/).fill('shop_files');
  expect(await remove.isEnabled()).toBe(true);
  await dialog.getByRole('button', { name: 'Keep' }).click();

  await page.goto(`${site.url}/host/volumes`);
  const button = page.getByRole('row', { name: /shop_files/ }).getByRole('button', { name: 'Remove…' });
  await button.waitFor();
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  const reason = await button.getAttribute('aria-describedby');
  expect(await page.locator(`[id="${reason}"]`).textContent()).toMatch(/uses? it/);

  await site.engine.volumes.create({ Name: 'spare' });
  await page.getByRole('row', { name: /spare/ }).getByRole('button', { name: 'Remove…' }).click();
  const loss = page.getByRole('dialog', { name: 'Remove the volume spare' });
  await loss.getByText('All data in spare goes').waitFor();
  const go = loss.getByRole('button', { name: 'Remove it and its data' });
  expect(await go.isEnabled()).toBe(false);
  await loss.getByLabel(/to confirm/).fill('spare');
  await go.click();
  await page.getByRole('row', { name: /spare/ }).waitFor({ state: 'detached' });
  await loss.waitFor({ state: 'detached' });
});

test('of many containers a page is shown, and the server finds the others', async () => {
  for (let number = 1; number <= 620; number += 1)
    await site.engine.containers.create({ Image: 'redis:7.4' }, { name: `box-${String(number).padStart(3, '0')}` });
  const { page } = await open('/host/containers');
  const rows = page.getByRole('table', { name: 'Containers' }).locator('tbody tr');
  await page.getByText('100 of 620').waitFor();
  await page.getByText('620 containers, 0 running').waitFor();
  expect(await rows.count()).toBe(100);
  await page.getByRole('button', { name: 'Show 400 more rows' }).click();
  await page.getByText('Filter to find the others.').waitFor();
  expect(await rows.count()).toBe(500);
  await page.keyboard.press('/');
  await page.keyboard.type('BOX-61');
  await expect.poll(() => rows.count()).toBe(10);
  expect(await rows.first().getByRole('link').first().textContent()).toBe('box-610');
});

test('when Drover goes away the page says so, and catches up when it is back', { timeout: 90_000 }, async () => {
  await site.deploy('shop', shop);
  const { page } = await open('/stacks');
  await page.getByRole('cell', { name: '3 of 3' }).waitFor();
  await site.stop();
  await page.getByText('Reconnecting…').waitFor();
  await site.start();
  await site.deploy('other', shop);
  await page.getByRole('row', { name: /other/ }).waitFor();
  await expect.poll(() => page.getByText('Reconnecting…').count(), { timeout: 30_000 }).toBe(0);
  // The browser tells of every connection that was refused meanwhile.
  watched[0]?.problems.splice(0);
});

test('a log of 100,000 lines is followed, searched and bounded', { timeout: 120_000 }, async () => {
  await site.deploy('shop', shop);
  const [container] = (await site.engine.containers.list()).filter(({ Names }) => Names.includes('/shop-cache-1'));
  const { page } = await open('/containers/shop-cache-1/logs');
  await page.getByText('redis:7.4 is ready').waitFor();
  for (let batch = 0; batch < 105; batch++) {
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `line ${batch * 1000 + index} \u001b[32mok\u001b[0m of a log`,
    );
    site.engine.control.writeOutput(container!.Id, 'stdout', `${lines.join('\n')}\n`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await page.getByText('line 104999 ok').waitFor({ timeout: 60_000 });
  await page.getByText(/100,000 lines; older ones were let go/).waitFor();
  expect(await page.evaluate('document.querySelectorAll("[data-stream]").length')).toBeLessThan(120);

  const from = Date.now();
  await page.getByLabel('Search the log').fill('line 77777');
  await page.getByText('1 of 100,000 lines').waitFor();
  expect(Date.now() - from).toBeLessThan(2000);
  expect(await page.locator('mark').allTextContents()).toEqual(['line 77777']);
  await page.getByLabel('Search the log').fill('');

  // Who scrolls up stays where they are while lines go on coming.
  const log = page.getByRole('region', { name: 'Log lines' });
  await log.focus();
  await page.keyboard.press('PageUp');
  await page.getByRole('button', { name: 'To the newest' }).waitFor();
  site.engine.control.writeOutput(container!.Id, 'stdout', 'one more line\n');
  await page.getByRole('button', { name: '1 new line' }).click();
  await page.getByText('one more line').waitFor();
  const heap = await page.evaluate<number>('performance.memory.usedJSHeapSize');
  expect(heap).toBeLessThan(200_000_000);
});
