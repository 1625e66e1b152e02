import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundleReader, type LoadResult, load, serviceHash, toJson, toYaml } from '../src/index.ts';
import { shownService } from '../src/print/shown-project.ts';

// What the real docker compose 2.40.3 says to each case; scripts/record-goldens.ts records it.
const folder = fileURLToPath(new URL('goldens', import.meta.url));
const project = '/srv/drover-golden/project';

interface Case {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function valuesOf(args: readonly string[], flag: string): string[] {
  return args.filter((_argument, index) => args[index - 1] === flag);
}

function loadCase(name: string, resolveEnvironment: boolean): Promise<LoadResult> {
  const { args, env } = JSON.parse(readFileSync(join(folder, name, 'case.json'), 'utf8')) as Case;
  const input = join(folder, name, 'input');
  const bundle = filesBelow(input).map((file) => [join(project, relative(input, file)), readFileSync(file)] as const);
  const [projectName] = valuesOf(args, '-p');
  return load({
    files: valuesOf(args, '-f').map((file) => ({ uri: join(project, file) })),
    workingDir: project,
    environment: env,
    home: '/srv/drover-golden/home',
    profiles: valuesOf(args, '--profile'),
    reader: bundleReader(new Map(bundle)),
    skip: { resolveEnvironment: !resolveEnvironment },
    ...(projectName === undefined ? {} : { projectName }),
  });
}

function expected(name: string, file: string): string | undefined {
  try {
    return readFileSync(join(folder, name, file), 'utf8');
  } catch {
    return undefined;
  }
}

const names = readdirSync(folder);
const refused = names.filter((name) => expected(name, 'expected.json') === undefined);
const accepted = names.filter((name) => !refused.includes(name));

test.each(refused)('%s is refused with a sentence', async (name) => {
  const result = await loadCase(name, true);
  const errors = result.diagnostics.filter((found) => found.severity === 'error');
  expect(result.ok).toBe(false);
  expect(errors.map((error) => error.message)).toMatchSnapshot();
});

describe.each(accepted)('%s', (name) => {
  test('prints as docker compose config does', async () => {
    const result = await loadCase(name, true);
    expect(result.diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
    if (!result.ok) return;
    expect(toJson(result.project)).toBe(expected(name, 'expected.json'));
    expect(toYaml(result.project)).toBe(expected(name, 'expected.yaml'));
  });

  test('hashes as docker compose config --hash does', async () => {
    const result = await loadCase(name, false);
    if (!result.ok) throw new Error('it did not load');
    const { services } = result.project;
    const lines = Object.keys(services).map((service) => `${service} ${serviceHash(shownService(services[service]!))}`);
    expect(lines.sort()).toEqual(expected(name, 'hashes.txt')?.trim().split('\n').sort());
  });
});
