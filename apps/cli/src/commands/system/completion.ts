import type { Invocation } from '../../command/command.ts';
import { UsageError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import { didYouMean } from '../../command/suggestion.ts';
import { completionScripts } from '../../completion/scripts.ts';
import type { Context } from '../../context.ts';
import type { completionSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof completionSpec.flags>): Promise<number> {
  const shells = Object.keys(completionScripts);
  const script = Object.entries(completionScripts).find(([shell]) => shell === args[0])?.[1];
  if (script === undefined)
    throw new UsageError(
      `completion: ${quote(args[0]!)} is none of ${shells.join(', ')}.${didYouMean(args[0]!, shells)}`,
      'completion',
    );
  context.terminal.stdout.write(script);
  return 0;
}
