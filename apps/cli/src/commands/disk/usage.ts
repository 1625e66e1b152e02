import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatBytes } from '../../terminal/units.ts';
import type { diskSpec } from './specs.ts';

export async function run(context: Context, _: Invocation<typeof diskSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const usage = await client.disk.usage();
  if (context.global.json) {
    context.printJson(usage);
    return 0;
  }
  const rows = [
    ['images', usage.images],
    ['containers', usage.containers],
    ['volumes', usage.volumes],
    ['build cache', usage.buildCache],
  ] as const;
  printTable(
    context,
    [
      { title: 'KIND' },
      { title: 'COUNT', right: true },
      { title: 'IN USE', right: true },
      { title: 'SIZE', right: true },
      { title: 'NOT IN USE', right: true },
    ],
    rows.map(([kind, each]) => [
      kind,
      String(each.count),
      String(each.active),
      formatBytes(each.sizeBytes),
      formatBytes(each.reclaimableBytes),
    ]),
  );
  return 0;
}
