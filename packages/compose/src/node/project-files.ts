import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ComposeError } from '../diagnostics/compose-error.ts';

const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** Files found by their names, and what to say about the choice. */
export interface FoundFiles {
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/** The Compose file of a folder or of the nearest one above that has any, and the override file beside it. */
export async function findProjectFiles(folder: string): Promise<FoundFiles> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await existing(at, composeNames);
    if (found.length > 0) {
      const overrides = await existing(at, overrideNames);
      return {
        files: [found[0]!, ...overrides.slice(0, 1)],
        warnings: [...choiceOf(found), ...choiceOf(overrides)],
      };
    }
    if (dirname(at) === at) return { files: [], warnings: [] };
  }
}

/** The files that COMPOSE_FILE lists; all must exist. */
export async function listedFiles(list: string, separator: string, cwd: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const name of list.split(separator)) {
    const file = name === '-' ? name : resolve(cwd, name);
    if (file !== '-' && (await stat(file).catch(() => undefined)) === undefined) {
      throw new ComposeError('not-found', `COMPOSE_FILE names ${file}, which does not exist`);
    }
    files.push(file);
  }
  return files;
}

async function existing(folder: string, names: readonly string[]): Promise<string[]> {
  const files = names.map((name) => join(folder, name));
  const found = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return files.filter((_file, index) => found[index] !== undefined);
}

function choiceOf(found: readonly string[]): string[] {
  return found.length > 1 ? [`there are several files (${found.join(', ')}); ${found[0]} is taken`] : [];
}
