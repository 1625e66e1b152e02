import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatAgo } from '../../terminal/units.ts';
import { paintState } from '../state-paint.ts';
import type { environmentListSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof environmentListSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const environments = await client.environments.list();
  if (context.global.json) context.printJson(environments);
  else
    printTable(
      context,
      [
        { title: 'ENVIRONMENT' },
        { title: 'KIND' },
        { title: 'STATE', paint: paintState(context.paint) },
        { title: 'STACKS', right: true },
        { title: 'MADE' },
        { title: 'REASON', flexible: true },
      ],
      environments.map(({ name, kind, state, stacks, createdAt, reason }) => [
        name,
        kind,
        state,
        String(stacks),
        formatAgo(createdAt, context.now()),
        reason ?? '',
      ]),
    );
  return 0;
}
