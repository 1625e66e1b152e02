import type { Diagnostic } from '@drover/compose';
import { judge, type VerdictReport } from '@drover/compose/verdict/judge';
import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { ComposeFilesError } from '../../project/compose-error.ts';
import { shownPath } from '../../project/diagnostic-lines.ts';
import { readHostFacts } from '../../project/host-facts.ts';
import { loadProject } from '../../project/load-project.ts';
import { countWords, verdictLines } from '../../project/verdict-lines.ts';
import { count } from '../../terminal/units.ts';
import type { checkSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof checkSpec.flags>): Promise<number> {
  const { global, directory, paint } = context;
  const facts = await readHostFacts(context, flags.hostFacts);
  try {
    const { result, input } = await loadProject(context);
    const report = judge(result.project, (path) => result.provenance(path), flags.target ?? 'engine', facts);
    if (global.json) context.printJson(reportJson(result.diagnostics, report));
    else {
      for (const line of verdictLines(report, { paint, directory, all: flags.all })) context.print(line);
      const files = input.files.map(({ uri }) => shownPath(uri, directory)).join(', ');
      const services = count(Object.keys(result.project.services).length, 'service');
      const on = report.target === 'swarm' ? 'on a Swarm' : 'on one engine';
      context.print(`${files}: ${services}; ${on} ${countWords(report)}`);
    }
    const { refused, ignored } = report.counts;
    return refused > 0 || (flags.strict && ignored > 0) ? exitCodes.refused : exitCodes.ok;
  } catch (error) {
    if (!(error instanceof ComposeFilesError) || !global.json) throw error;
    context.printJson({ diagnostics: error.diagnostics });
    return exitCodes.failure;
  }
}

/** The same shape as that of the API. */
function reportJson(diagnostics: readonly Diagnostic[], { target, counts, fields }: VerdictReport): object {
  return {
    diagnostics,
    report: {
      target,
      counts,
      fields: fields.map(({ leftOut, ...field }) => ({ ...field, acceptable: leftOut !== undefined })),
    },
  };
}
