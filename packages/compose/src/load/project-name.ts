import { ComposeError } from '../diagnostics/compose-error.ts';
import { baseName } from '../paths/posix.ts';
import { normalizeProjectName } from '../project/name.ts';
import { type Lookup, substitute } from '../template/substitute.ts';
import type { ScalarNode } from '../tree/node.ts';
import type { Source } from '../tree/source.ts';
import { readDocuments } from '../yaml/documents.ts';
import type { Limits } from './limits.ts';

export interface NameSources {
  /** What the caller or COMPOSE_PROJECT_NAME says; it must be a name as it is. */
  readonly given: string | undefined;
  readonly files: readonly Source[];
  readonly workingDir: string;
  readonly lookup: Lookup;
  readonly interpolate: boolean;
  readonly limits: Limits;
}

/** The project's name: given, else the last one in the files, else that of the working directory. */
export function chooseProjectName(sources: NameSources): string {
  const { given } = sources;
  if (given !== undefined && given !== '') {
    if (normalizeProjectName(given) !== given) {
      throw new ComposeError(
        'project-name',
        `${JSON.stringify(given)} is no project name: it may hold only lower-case letters, digits, - and _, and begins with a letter or digit`,
      );
    }
    return given;
  }
  const written = lastWritten(sources);
  if (written === undefined) return required(normalizeProjectName(baseName(sources.workingDir)), undefined);
  const text = String(written.value);
  const name = sources.interpolate ? substitute(text, sources.lookup) : text;
  // Other characters are left out of a written name, as docker compose does; a path or a command was never meant as one.
  if (sources.interpolate && /[/\\$`]/.test(name)) {
    throw new ComposeError(
      'project-name',
      `${JSON.stringify(name)} is no project name: it looks like a path or a command`,
      {
        path: ['name'],
        place: written,
      },
    );
  }
  return required(normalizeProjectName(name), written);
}

function lastWritten(sources: NameSources): ScalarNode | undefined {
  let found: ScalarNode | undefined;
  for (const source of sources.files) {
    if (!/\bname\b/.test(source.text)) continue;
    for (const { root } of readDocuments(source, sources.limits)) {
      const node = root.kind === 'map' ? root.entries.get('name') : undefined;
      if (node?.kind === 'scalar' && node.value !== null && node.value !== '') found = node;
    }
  }
  return found;
}

function required(name: string, written: ScalarNode | undefined): string {
  if (name !== '') return name;
  throw new ComposeError(
    'project-name',
    'the project has no name: give it one, or write name: at the top of the file',
    written === undefined ? {} : { path: ['name'], place: written },
  );
}
