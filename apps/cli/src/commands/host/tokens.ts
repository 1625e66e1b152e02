import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatAgo } from '../../terminal/units.ts';
import { paintState } from '../state-paint.ts';
import type { hostTokensSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof hostTokensSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const tokens = await client.hosts.listTokens();
  if (context.global.json) context.printJson(tokens);
  else if (tokens.length === 0) context.say('There are none. drover host add makes one.');
  else
    printTable(
      context,
      [
        { title: 'TOKEN' },
        { title: 'ENVIRONMENT', flexible: true },
        { title: 'STATE', paint: paintState(context.paint) },
        { title: 'USED' },
        { title: 'MADE' },
        { title: 'UNTIL' },
      ],
      tokens.map(({ id, environment, state, used, uses, createdAt, expiresAt }) => [
        id,
        environment,
        state,
        `${used} of ${uses}`,
        formatAgo(createdAt, context.now()),
        expiresAt.slice(0, 16).replace('T', ' '),
      ]),
    );
  return 0;
}
