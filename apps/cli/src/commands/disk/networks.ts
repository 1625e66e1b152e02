import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import type { networksSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof networksSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const networks = await client.networks.list();
  if (context.global.json) context.printJson(networks);
  else if (flags.quiet) for (const { name } of networks) context.print(name);
  else
    printTable(
      context,
      [
        { title: 'NETWORK', flexible: true },
        { title: 'STACK' },
        { title: 'DRIVER' },
        { title: 'SUBNETS', flexible: true },
        { title: 'CONTAINERS', right: true },
      ],
      networks.map(({ name, stack, driver, subnets, containers }) => [
        name,
        stack ?? '',
        driver,
        subnets.join(', '),
        String(containers),
      ]),
    );
  return 0;
}
