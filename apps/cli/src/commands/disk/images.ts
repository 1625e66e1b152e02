import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { formatAgo, formatBytes } from '../../terminal/units.ts';
import type { imagesSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof imagesSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const images = await client.images.list();
  if (context.global.json) context.printJson(images);
  else if (flags.quiet) for (const { id } of images) context.print(shortId(id));
  else
    printTable(
      context,
      [
        { title: 'IMAGE', flexible: true },
        { title: 'ID' },
        { title: 'SIZE', right: true },
        { title: 'CONTAINERS', right: true },
        { title: 'CREATED' },
      ],
      images.map((image) => [
        image.tags.join(', ') || '(no tag)',
        shortId(image.id),
        formatBytes(image.sizeBytes),
        image.containers < 0 ? '' : String(image.containers),
        formatAgo(image.createdAt, context.now()),
      ]),
    );
  return 0;
}

/** The twelve digits that docker prints of an id. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
