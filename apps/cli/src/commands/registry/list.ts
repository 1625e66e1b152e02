import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatAgo } from '../../terminal/units.ts';
import type { registryListSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof registryListSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const registries = await client.registries.list();
  if (context.global.json) context.printJson(registries);
  else if (registries.length === 0) context.say('There are none. Add one with drover registry login SERVER.');
  else
    printTable(
      context,
      [{ title: 'REGISTRY', flexible: true }, { title: 'USER' }, { title: 'SAVED' }],
      registries.map(({ server, username, updatedAt }) => [server, username, formatAgo(updatedAt, context.now())]),
    );
  return 0;
}
