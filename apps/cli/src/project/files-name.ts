import { readFile } from 'node:fs/promises';
import { isStackName, type StackName } from '@drover/base';
import { ComposeError } from '@drover/compose/diagnostics/compose-error';
import { defaultLimits } from '@drover/compose/load/limits';
import { chooseProjectName } from '@drover/compose/load/project-name';
import { projectInput } from '@drover/compose/node/project-input';
import { originOf } from '@drover/compose/tree/node';
import { Source } from '@drover/compose/tree/source';
import type { Context } from '../context.ts';
import { ComposeFilesError } from './compose-error.ts';
import { projectOptions } from './load-project.ts';

/**
 * The stack's name by the Compose files of this folder, or by `-f`. The files may be wrong in every way that YAML allows: a stack that
 * runs can be looked at and stopped while its file is being edited. `undefined` where there are none.
 */
export async function nameOfFiles(
  context: Context,
  { mustExist }: { readonly mustExist: boolean },
): Promise<StackName | undefined> {
  const found = await projectInput(projectOptions(context));
  if (!found.ok) {
    const nothing = found.diagnostics.every(({ code }) => code === 'not-found');
    if (nothing && !mustExist) return undefined;
    throw new ComposeFilesError(found.diagnostics);
  }
  const { files, workingDir, environment, projectName } = found.input;
  const sources = await Promise.all(
    files.map(async ({ uri, text }) => new Source(uri, text ?? (await readFile(uri, 'utf8').catch(() => '')))),
  );
  try {
    const name = chooseProjectName({
      given: projectName ?? environment.COMPOSE_PROJECT_NAME,
      files: sources,
      workingDir,
      lookup: (variable) => environment[variable],
      interpolate: true,
      limits: defaultLimits,
    });
    return isStackName(name) ? name : undefined;
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    const { place } = error.details;
    const origin = place === undefined ? {} : { origin: originOf(place) };
    throw new ComposeFilesError([{ severity: 'error', code: error.code, message: error.message, path: [], ...origin }]);
  }
}
