import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { paintState } from '../state-paint.ts';
import type { listSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof listSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const stacks = await client.stacks.list();
  if (context.global.json) context.printJson(stacks);
  else if (flags.quiet) for (const { name } of stacks) context.print(name);
  else if (stacks.length === 0)
    context.say('There are no stacks yet. Deploy one with drover up in a folder that has a compose.yaml.');
  else {
    const rows = stacks.map((stack) => [
      stack.name,
      stack.state,
      `${stack.running}/${stack.wanted}`,
      stack.revision === undefined ? '' : String(stack.revision),
      stack.drift ? 'yes' : '',
      stack.workingDir ?? '',
    ]);
    printTable(
      context,
      [
        { title: 'STACK' },
        { title: 'STATE', paint: paintState(context.paint) },
        { title: 'RUNNING', right: true },
        { title: 'REVISION', right: true },
        { title: 'DRIFT' },
        { title: 'FOLDER', flexible: true },
      ],
      rows,
    );
  }
  return 0;
}
