import type { Invocation } from '../../command/command.ts';
import { UsageError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import type { Context } from '../../context.ts';
import { labelWords } from './list.ts';
import type { hostLabelSpec } from './specs.ts';

export async function run(context: Context, { args }: Invocation<typeof hostLabelSpec.flags>): Promise<number> {
  const [host, ...words] = args;
  const { client } = await context.connect();
  const labelled = await client.hosts.label({ host: host!, ...readLabels(words) });
  if (context.global.json) context.printJson(labelled);
  else context.print(`${labelled.name}: ${labelWords(labelled.labels) || 'no labels'}`);
  return 0;
}

/** `zone=a` sets, `zone-` takes away. Throws `UsageError` for anything else. */
export function readLabels(words: readonly string[]): { set: Record<string, string>; unset: string[] } {
  const set: Record<string, string> = {};
  const unset: string[] = [];
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) set[word.slice(0, equals)] = word.slice(equals + 1);
    else if (equals === -1 && word.length > 1 && word.endsWith('-')) unset.push(word.slice(0, -1));
    else throw new UsageError(`host label: ${quote(word)} is neither NAME=VALUE nor NAME-.`, 'host label');
  }
  return { set, unset };
}
