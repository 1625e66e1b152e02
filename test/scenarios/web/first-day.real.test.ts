import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { repository } from '../stage/repository.ts';
import { scenarioLab } from '../stage/scenario.ts';
import { launchBrowser, WatchedPage } from './stage/watched-page.ts';
import { buildWeb, webFolder } from './stage/web-build.ts';

const { scenario } = scenarioLab(['28'], ['busybox', 'echo', 'nginx', 'redis', 'postgres']);
const picture = join(repository, 'docs', 'images', 'drover.png');

let browser: Browser;
beforeAll(async () => {
  await buildWeb();
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const compose = `name: shop
services:
  web:
    image: nginx:1.27
    ports: ["8080:80"]
    depends_on:
      api: { condition: service_healthy }
  api:
    image: echo:v1-healthy
    scale: 3
    depends_on:
      db: { condition: service_healthy }
      cache: { condition: service_healthy }
  worker:
    image: busybox
    command: ["sh", "-c", "while true; do echo working; sleep 1; done"]
    depends_on: [cache]
  migrate:
    image: busybox
    command: ["true"]
    restart: "no"
    depends_on:
      db: { condition: service_healthy }
  cache:
    image: redis:7.4
    healthcheck: { test: ["CMD", "redis-cli", "ping"], interval: 1s, retries: 30 }
  db:
    image: postgres:16
    environment: ["POSTGRES_PASSWORD=\${DB_PASSWORD:-secret}"]
    volumes: ["data:/var/lib/postgresql/data"]
    healthcheck: { test: ["CMD-SHELL", "pg_isready -h 127.0.0.1 -U postgres"], interval: 1s, retries: 60 }
volumes:
  data:
`;

scenario(
  'a first day in the browser: paste, mend, plan, deploy, look around, change, fail, roll back',
  { serverEnv: { DROVER_WEB_DIR: webFolder, DROVER_PRINT_LINK: '1' }, timeoutMs: 600_000 },
  async (stage) => {
    const link = (): string | undefined => /http\S+\/#\/sign-in\/\S+/.exec(stage.server.output)?.[0];
    await expect.poll(link).toBeDefined();
    const watched = await WatchedPage.open(browser, { width: 1600, height: 1000 });
    const { page } = watched;
    try {
      await page.goto(link()!);
      await page.getByRole('link', { name: 'Empty editor' }).click();
      await watched.paste(compose.replace('image: redis:7.4', 'imagee: redis:7.4'));
      await page.getByText('compose.yaml, line 25, column 5').waitFor();
      await watched.paste(compose);
      await page.getByText('Creates 6 services.').waitFor();
      await page.getByRole('button', { name: 'Deploy' }).click();
      await page.waitForURL('**/deployments/*');
      await page.getByRole('region', { name: 'Operations' }).getByText('Start shop-api-3').waitFor();
      await settled(page, 'Succeeded');
      await page.getByText(/(\d+) of \1 operations are done/).waitFor();
      expect((await stage.engine.service('shop', 'api')).length).toBe(3);

      await page.getByRole('link', { name: 'To the stack' }).click();
      for (const name of ['shop-api-1: Healthy', 'shop-db-1: Healthy', 'shop-migrate-1: Ended'])
        await page.getByRole('link', { name }).waitFor();
      expect(await page.getByRole('link', { name: '8080' }).getAttribute('href')).toBe('http://127.0.0.1:8080');

      await lookAtContainer(page, stage.server.url);
      await changeFailAndRollBack(watched, stage.server.url);
      expect((await stage.engine.service('shop', 'web')).map(({ image }) => image)).toEqual(['nginx:1.27']);
      await takePicture(page, stage.server.url);
      expect(watched.problems).toEqual([]);
    } catch (error) {
      await watched.explain(error);
      throw error;
    } finally {
      await watched.close();
    }
  },
);

async function lookAtContainer(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/containers/shop-worker-1/logs`);
  await page.getByText('working').nth(2).waitFor();
  await page.getByRole('link', { name: 'Terminal' }).click();
  await page.getByText('Connected').waitFor();
  await page.keyboard.type('echo $((6*7)) from $(hostname | wc -c)\n');
  await expect.poll(() => page.locator('.xterm-rows').textContent(), { timeout: 20_000 }).toMatch(/42 from 13/);
  await page.keyboard.type('exit 3\n');
  await page.getByText('It ended with exit code 3.').first().waitFor();
  await page.getByRole('link', { name: 'Plots' }).click();
  // Numbers under the heads and lines in the drawings: points came.
  await page
    .getByText(/^[\d.]+ (k|M)B$/)
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'Inspect' }).click();
  await page.getByLabel('Search keys and values').fill('OOMKilled');
  await page.getByText('OOMKilled').waitFor();
}

/** A change that works, one that fails and is taken back by itself, and a return by hand. */
async function changeFailAndRollBack(watched: WatchedPage, url: string): Promise<void> {
  const { page } = watched;
  await page.goto(`${url}/stacks/shop/edit`);
  await watched.paste(compose.replace('nginx:1.27', 'nginx:1.26'));
  await page.getByText('web is replaced').waitFor();
  await page
    .getByText(/nginx:1\.27.*nginx:1\.26/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await settled(page, 'Succeeded');

  await page.goto(`${url}/stacks/shop/edit`);
  const broken = compose.replace(
    'image: nginx:1.27',
    'image: nginx:1.27\n    command: ["sh", "-c", "echo no luck; exit 3"]',
  );
  await watched.paste(broken);
  await page.getByText('web is replaced').waitFor();
  await page.getByRole('button', { name: 'Deploy', exact: true }).click();
  await settled(page, 'Failed');
  const failure = page.getByRole('alert').filter({ hasText: 'no luck' });
  await failure.getByText('Revision 2 serves.').waitFor();

  await page.goto(`${url}/stacks/shop/history`);
  const first = page.getByRole('row', { name: /^1 / });
  await first.getByRole('button', { name: 'Roll back…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Roll shop back to revision 1' });
  await dialog.getByText('web is replaced').waitFor();
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await page.waitForURL('**/deployments/*');
  await settled(page, 'Succeeded');
}

async function settled(page: Page, word: 'Succeeded' | 'Failed'): Promise<void> {
  await page.waitForURL('**/deployments/*');
  await page.getByText(/^(Succeeded|Failed|Cancelled)$/).waitFor({ timeout: 120_000 });
  await page.getByText(word, { exact: true }).waitFor({ timeout: 1000 });
}

/** The README's picture. An existing one is kept, so that a run of the tests changes no file, unless `DROVER_PICTURE=1`. */
async function takePicture(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/stacks/shop`);
  await page.getByRole('region', { name: 'Deployments' }).getByText('Rollback as revision 4').waitFor();
  const taken = await page.screenshot({ type: 'png' });
  expect(taken.length).toBeLessThan(300_000);
  if (existsSync(picture) && process.env.DROVER_PICTURE !== '1') return;
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(picture, taken);
}
