import { expect } from 'vitest';
import { everyEngine, scenarioLab } from './stage/scenario.ts';
import type { Stage } from './stage/stage.ts';

const { scenario } = scenarioLab(everyEngine);

/** The services that the shop runs without a profile. */
const services = ['api', 'assets', 'cache', 'db', 'mailer', 'migrate', 'queue', 'ticker', 'web', 'worker'];

scenario(
  'an application of ten services comes up in order, and only what is changed is touched later',
  { files: 'shop', timeoutMs: 900_000 },
  async (stage) => {
    await stage.mustDrover(['up']);
    await demandShop(stage);
    await demandOrder(stage);

    const first = await stage.engine.ids('shop');
    const again = await stage.mustDrover(['plan']);
    expect(again.output).not.toMatch(/recreate|create|start/i);
    await stage.mustDrover(['up']);
    expect(await stage.engine.ids('shop')).toEqual(first);

    await stage.edit('compose.yaml', 'example.shop.role: mail', 'example.shop.role: post');
    const plan = await stage.mustDrover(['plan'], 2);
    expect(plan.output).toMatch(/mailer/);
    expect(plan.output).toMatch(/example\.shop\.role/);
    expect(plan.output).not.toMatch(/\b(db|cache|web|ticker)\b.*recreate/);

    await stage.write('.env', 'API_KEY=k-123\nLOG_LEVEL=debug\n');
    const both = await stage.mustDrover(['plan'], 2);
    expect(both.output).toMatch(/environment LOG_LEVEL/);
    await stage.mustDrover(['up']);
    const second = await stage.engine.ids('shop');
    // `web` is restarted with the API, as its `restart: true` asks for, and stays the container that it was.
    expect(changed(first, second)).toEqual(['api-1', 'api-2', 'mailer-1']);
    for (const api of await stage.engine.service('shop', 'api')) expect(api.env).toContain('LOG_LEVEL=debug');
    await stage.mustDrover(['plan'], 0);

    await stage.edit('compose.yaml', 'scale: 2', 'scale: 3');
    await stage.mustDrover(['up']);
    const third = await stage.engine.ids('shop');
    expect(changed(second, third)).toEqual(['api-3']);

    await stage.mustDrover(['--profile', 'debug', 'up']);
    expect(changed(third, await stage.engine.ids('shop'))).toEqual(['debug-1']);

    await stage.mustDrover(['down']);
    expect(await stage.engine.containers('shop')).toEqual([]);
    expect(await stage.engine.networks('shop')).toEqual([]);
    expect(await stage.engine.volumes('shop')).toEqual(['shop_db-data', 'shop_queue-data']);
  },
);

scenario('docker compose sees and operates what Drover made', { files: 'shop', timeoutMs: 900_000 }, async (stage) => {
  await stage.mustDrover(['up']);
  const ids = await stage.engine.ids('shop');

  const listed = JSON.parse((await stage.mustCompose(['ls', '--format', 'json'])).stdout) as ListedProject[];
  expect(listed.map(({ Name }) => Name)).toEqual(['shop']);
  expect(listed[0]?.ConfigFiles).toBe(`${stage.folder}/compose.yaml`);

  const shown = await stage.mustCompose(['ps', '--all', '--format', 'json']);
  const seen = shown.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { Service: string });
  expect([...new Set(seen.map(({ Service }) => Service))].sort()).toEqual(services);

  const logs = await stage.mustCompose(['logs', 'worker', 'migrate']);
  expect(logs.stdout).toMatch(/worker-1 +\| working/);
  expect(logs.stdout).toMatch(/migrate-1 +\| CREATE TABLE/);

  const up = await stage.mustCompose(['up', '-d']);
  expect(up.output).not.toMatch(/Recreate/);
  expect(await stage.engine.ids('shop')).toEqual(ids);

  await stage.mustCompose(['down']);
  expect(await stage.engine.containers('shop')).toEqual([]);
  expect(await stage.engine.networks('shop')).toEqual([]);
});

scenario(
  'what docker compose made is adopted with an empty plan and without a restart',
  { files: 'shop', timeoutMs: 900_000 },
  async (stage) => {
    await stage.mustCompose(['up', '-d']);
    const before = await stage.engine.containers('shop');
    const listed = await stage.mustDrover(['ls']);
    expect(listed.stdout).toMatch(/shop.*unmanaged/);

    await stage.mustDrover(['adopt', 'shop']);
    await stage.mustDrover(['plan'], 0);
    await stage.mustDrover(['up']);
    expect(when(await stage.engine.containers('shop'))).toEqual(when(before));

    await stage.edit('compose.yaml', 'echo working', 'echo working harder');
    await stage.mustDrover(['up']);
    expect(changed(idsOf(before), await stage.engine.ids('shop'))).toEqual(['worker-1']);

    const up = await stage.mustCompose(['up', '-d']);
    expect(up.output).not.toMatch(/Recreate/);
  },
);

scenario(
  'a project whose files cannot be read is adopted as it runs',
  { files: 'shop', timeoutMs: 900_000 },
  async (stage) => {
    await stage.mustCompose(['up', '-d', 'worker', 'mailer', 'assets']);
    const before = await stage.engine.containers('shop');
    await stage.hideFiles();
    await stage.mustDrover(['adopt', 'shop'], 0, { cwd: '/' });
    await stage.mustDrover(['-p', 'shop', 'ps'], 0, { cwd: '/' });
    expect(when(await stage.engine.containers('shop'))).toEqual(when(before));
    const history = await stage.mustDrover(['-p', 'shop', 'history'], 0, { cwd: '/' });
    expect(history.output).toMatch(/adopted/);
  },
);

interface ListedProject {
  readonly Name: string;
  readonly ConfigFiles: string;
}

/** Everything runs, is healthy, holds its files and answers. */
async function demandShop(stage: Stage): Promise<void> {
  const containers = await stage.engine.containers('shop');
  expect([...new Set(containers.map((each) => each.service))].sort()).toEqual(services);
  expect(containers.map((each) => each.name).filter((name) => name.startsWith('shop-api'))).toEqual([
    'shop-api-1',
    'shop-api-2',
  ]);
  for (const each of containers) {
    if (each.service === 'migrate') expect([each.name, each.state, each.exitCode]).toEqual([each.name, 'exited', 0]);
    else expect([each.name, each.state]).toEqual([each.name, 'running']);
    expect(['healthy', 'none'], `${each.name} is ${each.health}`).toContain(each.health);
  }
  expect(await stage.engine.networks('shop')).toEqual(['shop_back', 'shop_front']);
  expect(await stage.engine.volumes('shop')).toEqual(['shop_db-data', 'shop_queue-data']);

  const page = await fetch(`http://${stage.host.address}:8080/orders`);
  expect(await page.json()).toMatchObject({ path: '/orders', version: 'v1' });
  expect(await inside(stage, 'shop-api-1', ['cat', '/run/secrets/key'])).toBe('k-123');
  expect(await inside(stage, 'shop-api-1', ['stat', '-c', '%a', '/run/secrets/key'])).toBe('400');
  expect(await inside(stage, 'shop-ticker-1', ['cat', '/etc/greeting'])).toBe('hello from the shop');
  expect(await inside(stage, 'shop-mailer-1', ['sh', '-c', 'echo $SMTP_FROM'])).toBe('Shop <shop@example>');
  const table = ['psql', '-U', 'shop', '-Atc', "SELECT to_regclass('orders')"];
  expect(await inside(stage, 'shop-db-1', table)).toBe('orders');
}

/** Each started after what it waits for. */
async function demandOrder(stage: Stage): Promise<void> {
  const containers = await stage.engine.containers('shop');
  const started = (service: string) =>
    Math.min(...containers.filter((each) => each.service === service).map((each) => Date.parse(each.startedAt)));
  expect(started('db')).toBeLessThan(started('migrate'));
  for (const earlier of ['migrate', 'cache', 'queue']) expect(started(earlier)).toBeLessThan(started('api'));
  expect(started('api')).toBeLessThan(started('web'));
}

async function inside(stage: Stage, container: string, args: readonly string[]): Promise<string> {
  const result = await stage.host.exec(['docker', 'exec', container, ...args]);
  if (result.exitCode !== 0) throw new Error(`${args.join(' ')} in ${container}: ${result.stderr}`);
  return result.stdout.trim();
}

/** The slots that hold another container than before, or none before. */
function changed(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  return Object.keys(after)
    .filter((slot) => before[slot] !== after[slot])
    .sort();
}

function idsOf(containers: readonly { service: string; number: number; id: string }[]): Record<string, string> {
  return Object.fromEntries(containers.map((each) => [`${each.service}-${each.number}`, each.id]));
}

/** Which containers there are and since when they run: equal before and after where nothing was touched. */
function when(containers: readonly { name: string; id: string; startedAt: string }[]): string[] {
  return containers.map((each) => `${each.name} ${each.id} ${each.startedAt}`);
}
