import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { accessibilityProblems } from './stage/accessibility.ts';
import { FakeSite } from './stage/fake-site.ts';
import { launchBrowser, WatchedPage } from './stage/watched-page.ts';
import { buildWeb } from './stage/web-build.ts';

// Machines that paste the line that the page shows, engines in memory behind them, and the Swarm that Drover makes of them.
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

const shop = `services:
  web:
    image: nginx:1.27
    deploy: {replicas: 2}
  db:
    image: redis:7.4
    volumes: ["data:/data"]
    deploy:
      placement:
        constraints: [node.hostname == n1]
volumes:
  data:
`;

test('a Swarm from the pasted line to a drained host', { timeout: 60_000 }, async (context) => {
  const { page } = watched;
  context.onTestFailed(({ task }) => watched.explain(task.result?.errors?.[0]));

  // The environment of this server has no hosts to add, and says where some can be.
  await page.goto(`${site.url}/hosts`);
  await page.getByText('The environment local is the engine of this server.').waitFor();
  await page.getByRole('link', { name: 'make an environment' }).click();
  await page.getByLabel('New environment').fill('prod');
  await page.getByText('Swarm of hosts').click();
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('link', { name: 'Hosts of prod' }).click();
  await page.getByText('No host has joined prod yet.').waitFor();

  // By keyboard: the line, shown once, and the machines as they come.
  await page.keyboard.press('a');
  const dialog = page.getByRole('dialog', { name: 'Add a host to prod' });
  await dialog.getByLabel('For how many machines').fill('3');
  await dialog.getByLabel('For how many machines').press('Enter');
  const line = await dialog.getByLabel('The line to paste').inputValue();
  expect(line).toMatch(/^curl .*\/install \| DROVER_JOIN=\S+ sh$/);
  await dialog.getByText('Mind this first:').waitFor();
  await dialog.getByText('As a container').click();
  expect(await dialog.getByLabel('The line to paste').inputValue()).toContain('DROVER_AGENT=container');
  for (const machine of ['n1', 'n2', 'n3']) {
    await site.hosts.paste(machine, line);
    await dialog.getByRole('link', { name: machine }).waitFor();
  }
  await dialog.getByText('Waiting').waitFor({ state: 'detached' });
  await dialog.getByRole('button', { name: 'Done' }).click();

  const hosts = page.getByRole('table', { name: 'Hosts' });
  await hosts
    .getByRole('row', { name: /^n3 Ready 28\.5\.2 2 4\.00 GB 50\.0 GB of 100 GB none 1\.0\.0 old now/ })
    .waitFor();
  const swarm = page.getByRole('region', { name: 'Swarm' });
  await swarm.getByText('3 of 3 managers reachable; 1 may be lost').waitFor();
  await swarm.getByRole('row', { name: /^n\d Leader Ready Takes tasks/ }).waitFor();
  const revoke = page.getByRole('row', { name: /Used up 3 of 3/ }).getByRole('button', { name: 'Revoke…' });
  expect(await revoke.getAttribute('aria-disabled')).toBe('true');
  expect(await accessibilityProblems(page)).toEqual([]);

  // Tasks are shown with their hosts.
  await site.deploy('shop', shop, '/environments/prod');
  await page.getByRole('link', { name: 'Containers' }).click();
  await page.getByRole('row', { name: /shop.*db.*shop n1 redis/ }).waitFor();
  await page.getByRole('link', { name: 'shop' }).first().click();
  await page.getByRole('link', { name: /db.*: Running on n1/ }).waitFor();

  // A drain says what stays where it is before it does anything.
  await page.goto(`${site.url}/e/prod/hosts/n1`);
  await page.getByText('No: no routing mesh').waitFor();
  await page.getByText('50 %').waitFor();
  expect(await watched.layoutShift()).toBeLessThan(0.02);
  await page.getByRole('table', { name: 'Containers of the host' }).getByRole('link', { name: /db/ }).waitFor();
  await page.getByRole('button', { name: 'Drain…' }).click();
  const drain = page.getByRole('dialog', { name: 'Drain n1' });
  await drain.getByText('Cannot move').waitFor();
  const start = drain.getByRole('button', { name: 'Drain it' });
  expect(await start.getAttribute('aria-disabled')).toBe('true');
  await drain.getByLabel('Stop what no other host can take').check();
  await start.click();
  await drain.getByText('n1 is drained').waitFor();
  await drain.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByText('Drained').first().waitFor();
  // The dialog says it first; the page follows with the event.
  const again = page.getByRole('button', { name: 'Drain…' });
  await expect.poll(() => again.getAttribute('aria-disabled'), { timeout: 10_000 }).toBe('true');
  await page.getByRole('button', { name: 'Activate' }).click();
  await page.getByText('Ready').first().waitFor();

  await page.getByLabel('Label', { exact: true }).fill('zone');
  await page.getByLabel('Value').fill('a');
  await page.getByRole('button', { name: 'Set it' }).click();
  await page.getByText('zone=a').waitFor();
});

test('of many hosts and nodes the first hundred are shown, and more when asked', {
  timeout: 60_000,
}, async (context) => {
  const { page } = watched;
  context.onTestFailed(({ task }) => watched.explain(task.result?.errors?.[0]));
  await site.call('POST', '/environments', { name: 'prod', kind: 'swarm' });
  const { command } = (await site.call('POST', '/host-tokens', { environment: 'prod' })) as { command: string };
  await site.hosts.paste('n1', command);
  await page.goto(`${site.url}/e/prod/hosts`);
  await page.getByRole('table', { name: 'Nodes' }).getByRole('link', { name: 'n1' }).waitFor();

  // What the server answers, 250 times over.
  const copies = <Each extends { readonly name: string }>([one]: readonly Each[], id: 'id' | 'nodeId') =>
    Array.from({ length: 250 }, (_, number) => ({ ...one, [id]: `${id}-${number}`, name: `m${number}` }));
  await page.route(/\/api\/hosts\?/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: copies(await response.json(), 'id') });
  });
  await page.route(/\/api\/environments\/prod\/swarm$/, async (route) => {
    const response = await route.fetch();
    const swarm = await response.json();
    await route.fulfill({ response, json: { ...swarm, nodes: copies(swarm.nodes, 'nodeId') } });
  });
  await page.reload();
  await page.getByText('250 hosts, 250 ready').waitFor();
  for (const [index, name] of ['Hosts', 'Nodes'].entries()) {
    const rows = page.getByRole('table', { name, exact: true }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(100);
    await page.getByText('100 of 250').first().waitFor();
    await page.getByRole('button', { name: 'Show 150 more rows' }).first().click();
    await expect.poll(() => rows.count()).toBe(250);
    expect(await page.getByText('100 of 250').count()).toBe(1 - index);
  }
});

test('a lost quorum is said, and recovered from the page', { timeout: 60_000 }, async (context) => {
  const { page } = watched;
  context.onTestFailed(({ task }) => watched.explain(task.result?.errors?.[0]));
  await site.call('POST', '/environments', { name: 'prod', kind: 'swarm' });
  const { command } = (await site.call('POST', '/host-tokens', { environment: 'prod' })) as { command: string };
  for (const machine of ['n1', 'n2', 'n3']) await site.hosts.paste(machine, command);
  await page.goto(`${site.url}/e/prod/hosts`);
  const swarm = page.getByRole('region', { name: 'Swarm' });
  await swarm.getByText('3 of 3 managers reachable; 1 may be lost').waitFor();

  for (const machine of ['n2', 'n3']) site.hosts.kill(machine);
  // A connection that still had bytes to read is reset instead of ended.
  await page
    .getByRole('row', { name: /^n3 Unreachable the (agent ended the connection|connection was lost)/ })
    .waitFor();
  await swarm.getByText('The quorum is lost.').waitFor();
  await swarm.getByRole('button', { name: 'Recover…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Recover the Swarm' });
  await dialog.getByText('Given up as managers: n2 and n3.').waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  const recover = dialog.getByRole('button', { name: 'Go on from n1' });
  expect(await recover.isEnabled()).toBe(false);
  await dialog.getByLabel('Type n1 to confirm').fill('n1');
  await recover.click();
  await swarm.getByText('1 of 1 manager reachable; none may be lost').waitFor();
});

test('the only host of an engine: its agent is upgraded, it is renamed and removed', {
  timeout: 60_000,
}, async (context) => {
  const { page } = watched;
  context.onTestFailed(({ task }) => watched.explain(task.result?.errors?.[0]));
  await site.call('POST', '/environments', { name: 'west' });
  const { command } = (await site.call('POST', '/host-tokens', { environment: 'west' })) as { command: string };
  const agent = await site.hosts.paste('n1', command);
  agent.onUpgrade = async () => {
    agent.stop();
    agent.hello = { software: '0.0.0' };
    await agent.connect();
  };
  await page.goto(`${site.url}/e/west/hosts`);
  await page.getByText('1 host has another build of the agent than this server carries.').waitFor();
  const add = page.getByRole('button', { name: 'Add a host…' });
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  expect(await page.getByRole('region', { name: 'Swarm' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Upgrade 1 agent…' }).click();
  const upgrade = page.getByRole('dialog', { name: 'Upgrade the agent of n1' });
  await upgrade.getByRole('button', { name: 'Upgrade', exact: true }).click();
  await upgrade.getByText('runs 0.0.0').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('row', { name: /^n1 Ready .* 0\.0\.0 now/ }).waitFor();

  // Through the palette, as everything.
  await page.getByRole('link', { name: 'n1' }).click();
  await page.getByText('It runs no container.').waitFor();
  expect(await page.getByRole('button', { name: 'Drain…' }).count()).toBe(0);
  await page.keyboard.press('Control+k');
  await page.locator('input[aria-label="Command"]:focus').waitFor();
  await page.keyboard.type('rename');
  await page.getByRole('option', { name: /Rename…/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name in Drover').fill('west-1');
  await page.getByRole('button', { name: 'Rename it' }).click();
  await page.waitForURL(`${site.url}/e/west/hosts/west-1`);
  await page.getByRole('heading', { name: 'west-1', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByLabel('Type west-1 to confirm').fill('west-1');
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.waitForURL(`${site.url}/e/west/hosts`);
  await page.getByText('No host has joined west yet.').waitFor();
});
