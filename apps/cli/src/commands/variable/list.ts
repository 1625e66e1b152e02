import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatAgo } from '../../terminal/units.ts';
import { oneLine } from '../../terminal/width.ts';
import type { variablesSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof variablesSpec.flags>): Promise<number> {
  const name = await resolveStackName(context);
  const { client } = await context.connect();
  const variables = await client.variables.list({ name });
  if (context.global.json) context.printJson(variables);
  else if (variables.length === 0) context.say(`${name} has none. Set one with drover set KEY=VALUE.`);
  else
    printTable(
      context,
      [{ title: 'VARIABLE' }, { title: 'VALUE', flexible: true }, { title: 'SET' }],
      variables.map((each) => [
        each.name,
        each.secret ? '(secret)' : oneLine(each.value ?? ''),
        formatAgo(each.updatedAt, context.now()),
      ]),
    );
  return 0;
}
