import { type Contract, contract, listRoutes } from '@drover/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRouteTable, openApiRoute } from '../src/http/route-table.ts';
import { openStage, type Stage } from './stage/stage.ts';

const routes = [...listRoutes(), openApiRoute];
const closed = routes.filter(({ permission }) => permission !== 'public');
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

const address = (path: string) => path.replace('{sha256}', 'a'.repeat(64)).replaceAll(/\{[^}]+\}/g, 'x');

test('the contract has the routes of every resource', () => {
  const resources = new Set(listRoutes().map(({ name }) => name.split('.')[0]));
  expect([...resources].sort()).toEqual([...Object.keys(contract satisfies Contract), 'raw'].sort());
  expect(routes.length).toBeGreaterThan(40);
});

test('only the exchange of a sign-in code is open to everybody', () => {
  expect(routes.filter(({ permission }) => permission === 'public').map(({ name }) => name)).toEqual([
    'session.exchange',
  ]);
});

test.each(closed)(
  '$method $path without a token, with a wrong one, or with none in the right place is refused',
  async ({ method, path }) => {
    const bare = await stage.call(method, address(path), { token: null });
    expect(bare.status).toBe(401);
    expect(bare.body).toMatchObject({ code: 'UNAUTHORIZED', data: { reason: 'unauthenticated' } });
    const wrong = await stage.call(method, address(path), { token: 'x'.repeat(43) });
    // After many wrong ones the answer is 429; neither lets anybody in.
    expect([401, 429]).toContain(wrong.status);
    const inQuery = await stage.call(method, `${address(path)}?token=${stage.token}`, { token: null });
    expect(inQuery.status).toBe(401);
    const inCookie = await stage.call(method, address(path), {
      token: null,
      headers: { cookie: `token=${stage.token}` },
    });
    expect(inCookie.status).toBe(401);
  },
);

test.each(closed.filter(({ kind }) => kind === 'json'))(
  '$method $path is reached with the token',
  async ({ method, path, name }) => {
    // Streams do not end, and these end what the test stands on.
    if (/\b(events|logs|stackLogs|stats|rotate|end)$/.test(name)) return;
    const answer = await stage.call(method, address(path), method === 'GET' ? {} : { body: {} });
    expect([401, 403, 405, 500, 501]).not.toContain(answer.status);
  },
);

test('a path that is no route is not told from one that is, without a token', async () => {
  expect((await stage.call('GET', '/nothing', { token: null })).status).toBe(401);
  expect((await stage.call('GET', '/nothing')).status).toBe(404);
});

test('a route without a permission does not start', () => {
  const naked = {
    name: 'stacks.naked',
    method: 'GET',
    path: '/naked',
    kind: 'json',
    permission: undefined,
    scope: 'environment',
  } as const;
  expect(() => createRouteTable([...listRoutes(), naked])).toThrow(
    'starting: the route GET /naked (stacks.naked) declares no permission',
  );
});

test('a right token passes whatever wrong ones came before it', async () => {
  for (let i = 0; i < 80; i += 1) await stage.call('GET', '/system', { token: 'wrong'.repeat(8) });
  expect((await stage.call('GET', '/system', { token: 'wrong'.repeat(8) })).status).toBe(429);
  expect((await stage.call('GET', '/system')).status).toBe(200);
});
