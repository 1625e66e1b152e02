import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { planLines } from '../../progress/plan-lines.ts';
import { findingLines } from '../../project/diagnostic-lines.ts';
import { makeSource } from '../../source/make-source.ts';
import { chooseSymbols } from '../../terminal/symbols.ts';
import { deployOptions } from './deploy-options.ts';
import type { planSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof planSpec.flags>): Promise<number> {
  const options = deployOptions(flags, args, 'plan');
  const { name, source } = await makeSource(context, args);
  const { client } = await context.connect();
  const plan = await client.stacks.plan({ name, options, ...(source === undefined ? {} : { source }) });
  if (context.global.json) context.printJson(plan);
  else if (!flags.quiet) {
    for (const finding of plan.diagnostics) {
      const place = {
        paint: context.errorPaint,
        directory: context.directory,
        textOf: () => undefined,
        columns: undefined,
      };
      for (const line of findingLines(finding, place)) context.say(line);
    }
    for (const line of planLines(name, plan, context.paint, chooseSymbols(context.environment))) context.print(line);
  }
  return plan.empty ? exitCodes.ok : exitCodes.changes;
}
