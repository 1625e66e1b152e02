import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatBytes } from '../../terminal/units.ts';
import type { volumesSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof volumesSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const volumes = await client.volumes.list();
  if (context.global.json) context.printJson(volumes);
  else if (flags.quiet) for (const { name } of volumes) context.print(name);
  else
    printTable(
      context,
      [
        { title: 'VOLUME', flexible: true },
        { title: 'STACK' },
        { title: 'SIZE', right: true },
        { title: 'DRIVER' },
        { title: 'USED BY', flexible: true },
      ],
      volumes.map(({ name, stack, sizeBytes, driver, usedBy }) => [
        name,
        stack ?? '',
        sizeBytes === undefined ? '' : formatBytes(sizeBytes),
        driver,
        usedBy.join(', '),
      ]),
    );
  return 0;
}
