import { describe, expect, test } from 'vitest';
import { bundleReader, type LoadInput, type LoadResult, load, type Project } from '../src/index.ts';

function loadText(
  yaml: string,
  more: Partial<LoadInput> & { readonly files?: never; readonly others?: Record<string, string> } = {},
): Promise<LoadResult> {
  const { others = {}, ...input } = more;
  return load({
    files: [{ uri: '/app/compose.yaml', text: yaml }],
    workingDir: '/app',
    environment: {},
    reader: bundleReader(new Map(Object.entries(others))),
    ...input,
  });
}

async function project(yaml: string, more: Parameters<typeof loadText>[1] = {}): Promise<Project> {
  const result = await loadText(yaml, more);
  if (!result.ok) throw new Error(result.diagnostics.map((found) => found.message).join('\n'));
  return result.project;
}

describe('load', () => {
  test('gives an everyday file its long form', async () => {
    const { services, networks, volumes } = await project(
      `
      name: shop
      services:
        web:
          image: nginx:\${TAG:-1.27}
          ports: ['8080:80']
          volumes: [./html:/usr/share/nginx/html:ro, data:/data]
          depends_on: [db]
          healthcheck: {test: curl -f localhost, interval: 90s}
          mem_limit: 512m
        db: {image: postgres, command: postgres -c 'max_connections=9'}
      volumes: {data: }
      `,
      { environment: { TAG: '1.28' } },
    );
    expect({ ...services.web }).toMatchObject({
      image: 'nginx:1.28',
      command: null,
      ports: [{ mode: 'ingress', target: 80, published: '8080', protocol: 'tcp' }],
      volumes: [
        {
          type: 'bind',
          source: '/app/html',
          target: '/usr/share/nginx/html',
          read_only: true,
          bind: { create_host_path: true },
        },
        { type: 'volume', source: 'data', target: '/data', volume: {} },
      ],
      depends_on: { db: { condition: 'service_started', required: true } },
      healthcheck: { test: ['CMD-SHELL', 'curl -f localhost'], interval: '1m30s' },
      mem_limit: '536870912',
      networks: { default: null },
    });
    expect(services.db?.command).toEqual(['postgres', '-c', 'max_connections=9']);
    expect(networks.default).toMatchObject({ name: 'shop_default', ipam: {} });
    expect(volumes.data).toMatchObject({ name: 'shop_data' });
  });

  test('takes __proto__ for the name of a service', async () => {
    const { services } = await project(
      'services: {__proto__: {image: a, environment: {__proto__: b}}, constructor: {image: c}}',
    );
    expect(Object.keys(services)).toEqual(['__proto__', 'constructor']);
    expect(Object.values(services)[0]?.image).toBe('a');
  });

  test('says where an unknown key is and what was meant', async () => {
    const result = await loadText('services:\n  web:\n    image: a\n    enviroment: {A: 1}\n');
    expect(result).toMatchObject({
      ok: false,
      diagnostics: [
        {
          severity: 'error',
          code: 'unknown-key',
          suggestion: 'environment',
          path: ['services', 'web', 'enviroment'],
          origin: { file: '/app/compose.yaml', line: 4, column: 5 },
        },
      ],
    });
  });

  test('knows the place of every value', async () => {
    const result = await loadText('services:\n  web:\n    image: a\n    environment:\n      - A=1\n      - B=2\n', {});
    expect(result.provenance(['services', 'web', 'image'])).toMatchObject({ line: 3, column: 12 });
    expect(result.provenance(['services', 'web', 'environment', 'B'])).toMatchObject({ line: 6, column: 9 });
    expect(result.provenance(['services', 'web', 'networks'])).toMatchObject({ line: 2 });
  });

  test('never shows what a variable holds', async () => {
    const secret = 'hunter2';
    const bad = await loadText('services: {web: {image: a, ports: ["$PASSWORD:80"], scale: $PASSWORD}}', {
      environment: { PASSWORD: secret },
    });
    expect(bad.ok).toBe(false);
    expect(JSON.stringify(bad.diagnostics)).not.toContain(secret);
    const good = await loadText('services: {web: {image: a, secrets: [s]}}\nsecrets: {s: {environment: PASSWORD}}', {
      environment: { PASSWORD: secret },
    });
    expect(good.ok && good.contents.secrets.get('s')).toBe(secret);
    expect(JSON.stringify(good)).not.toContain(secret);
  });
});
