import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A project and how it is asked for: what `drover ARGS config` and `docker compose ARGS config` are compared on. */
export interface ConformanceCase {
  readonly name: string;
  /** Contents by path relative to the project's folder. */
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  /** Before `config`. `$ROOT` stands for the project's folder. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** More ways to ask, each the flags and services after `config`. */
  readonly also: readonly (readonly string[])[];
}

/** What docker compose said once. Without `json` it refused the case. */
export interface Recording {
  readonly json?: string;
  readonly yaml?: string;
  /** Lines of `config --hash '*'`. */
  readonly hashes?: string;
  /** Services whose hash depends on where the project lies. */
  readonly hashesNeedRoot: readonly string[];
  /** The folders that the project and its HOME lay in. */
  readonly root: string;
  readonly home: string;
}

export interface RecordedCase extends ConformanceCase {
  readonly recording: Recording;
}

/** The folder that the project's own goldens were recorded in (packages/compose/scripts/record-goldens.ts). */
const ownPlace = { root: '/srv/drover-golden/project', home: '/srv/drover-golden/home' };
const sharedPlace = { root: '$ROOT', home: '$ROOT-neutral' };

/** Every case below a folder, sorted; a name is the path from the folder that holds this one. */
export function readCases(folder: string): RecordedCase[] {
  return foldersOfCases(folder).map((path) => readCase(relative(dirname(folder), path), path));
}

function foldersOfCases(folder: string): string[] {
  if (existsSync(join(folder, 'case.json'))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => foldersOfCases(join(folder, name)));
}

interface CaseFile {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly also?: readonly (readonly string[])[];
  readonly hashesNeedRoot?: readonly string[];
}

function readCase(name: string, folder: string): RecordedCase {
  const {
    args = [],
    env = {},
    also = [],
    hashesNeedRoot,
  } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseFile;
  const text = (file: string): string | undefined =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : undefined;
  const files = filesBelow(join(folder, 'input'));
  const json = text('expected.json');
  const yaml = text('expected.yaml');
  const hashes = text('hashes.txt');
  // Only the project's own cases have their output as YAML.
  const place = yaml === undefined ? sharedPlace : ownPlace;
  const recording: Recording = {
    ...place,
    hashesNeedRoot: hashesNeedRoot ?? servicesNaming(json, readsEnvFiles(files) ? '' : '/srv/drover-golden'),
    ...(json === undefined ? {} : { json }),
    ...(yaml === undefined ? {} : { yaml }),
    ...(hashes === undefined ? {} : { hashes }),
  };
  return { name, files, args, env, also, recording };
}

/** The paths of env files are hashed, though not printed. */
function readsEnvFiles(files: ReadonlyMap<string, Uint8Array>): boolean {
  return [...files.values()].some((content) => Buffer.from(content).includes('env_file'));
}

function servicesNaming(json: string | undefined, text: string): string[] {
  const { services = {} } = JSON.parse(json ?? '{}') as { services?: Record<string, unknown> };
  return Object.keys(services).filter((name) => JSON.stringify(services[name]).includes(text));
}

function filesBelow(folder: string): Map<string, Uint8Array> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => !entry.isDirectory());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path)];
    }),
  );
}
