import type { Invocation } from '../../command/command.ts';
import { UsageError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import { didYouMean } from '../../command/suggestion.ts';
import type { Context } from '../../context.ts';
import { printHelp } from '../../help/help.ts';
import type { helpSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof helpSpec.flags>): Promise<number> {
  const { commands } = context;
  if (args.length === 0) return printHelp(context, undefined, commands);
  const name = args.join(' ');
  const found = commands.find(({ spec }) => spec.name === name);
  if (found !== undefined) return printHelp(context, found.spec, commands);
  const names = commands.map(({ spec }) => spec.name);
  throw new UsageError(`there is no command ${quote(name)}.${didYouMean(name, names)}`);
}
