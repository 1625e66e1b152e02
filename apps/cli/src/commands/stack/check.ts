import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { ComposeFilesError } from '../../project/compose-error.ts';
import { shownPath } from '../../project/diagnostic-lines.ts';
import { loadProject } from '../../project/load-project.ts';
import { count } from '../../terminal/units.ts';
import type { checkSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof checkSpec.flags>): Promise<number> {
  const { global } = context;
  try {
    const { result, input } = await loadProject(context);
    const services = Object.keys(result.project.services).length;
    if (global.json) context.printJson({ diagnostics: result.diagnostics });
    else
      context.print(
        `${input.files.map(({ uri }) => shownPath(uri, context.directory)).join(', ')}: ${count(services, 'service')}, nothing is wrong`,
      );
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ComposeFilesError) || !global.json) throw error;
    context.printJson({ diagnostics: error.diagnostics });
    return exitCodes.failure;
  }
}
