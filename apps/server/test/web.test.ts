import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listRoutes } from '@drover/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './stage/stage.ts';

let stage: Stage;
let webDir: string;
beforeAll(async () => {
  webDir = mkdtempSync(join(tmpdir(), 'drover-web-'));
  mkdirSync(join(webDir, 'assets'));
  writeFileSync(join(webDir, 'index.html'), '<!doctype html>page');
  writeFileSync(join(webDir, 'assets', 'app-1a2b.js'), 'script');
  writeFileSync(join(webDir, '.sources'), 'hidden');
  stage = await openStage({ settings: { webDir } });
});
afterAll(async () => {
  await stage.stop();
  rmSync(webDir, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${stage.url}${path}`, { headers });

test('the page is served without a token, under a strict policy, and asked for again each time', async () => {
  const answer = await get('/');
  expect(await answer.text()).toBe('<!doctype html>page');
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain(`default-src 'none'`);
  expect(policy).toContain(`script-src 'self'`);
  expect(policy).toContain(`frame-ancestors 'none'`);
  expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  const again = await get('/', { 'if-none-match': answer.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
});

test('a path of the page’s own router gets the page; a missing asset does not', async () => {
  expect(await (await get('/stacks/shop')).text()).toBe('<!doctype html>page');
  const script = await get('/assets/app-1a2b.js');
  expect(script.headers.get('content-type')).toContain('javascript');
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect((await get('/assets/old-9.js')).status).toBe(404);
  expect((await get('/favicon.ico')).status).toBe(404);
});

test.each(['/.sources', '/assets/../.sources', '/%2e%2e/%2e%2e/etc/passwd', '/assets/%2e%2e/%2e%2e/x', '/a%00b', '/%'])(
  'nothing outside of the folder is served at %s',
  async (path) => {
    const answer = await get(path);
    const text = await answer.text();
    expect(text).not.toContain('hidden');
    expect(text).not.toContain('root:');
  },
);

test('the OpenAPI document names every route, those of bytes too, and asks for a token', async () => {
  const { body, status } = await stage.call('GET', '/openapi.json');
  expect(status).toBe(200);
  const document = body as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
    security: unknown;
  };
  expect(document.openapi).toMatch(/^3\.1/);
  expect(document.security).toEqual([{ token: [] }]);
  for (const { path, method } of listRoutes())
    expect(document.paths[path], `${method} ${path}`).toHaveProperty(method.toLowerCase());
});
