import type { DrainPreviewView } from '@drover/contract';
import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { confirm } from '../../terminal/prompt.ts';
import { count } from '../../terminal/units.ts';
import type { hostDrainSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof hostDrainSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const host = args[0]!;
  const preview = await client.cluster.drainPreview({ host });
  if (flags.dryRun) {
    if (context.global.json) context.printJson(preview);
    else printPreview(context, preview);
    return exitCodes.ok;
  }
  if (!context.global.json) printPreview(context, preview);
  if (!flags.yes && !(await confirm(context.terminal, `Drain ${host}?`))) {
    context.say('Nothing was changed.');
    return exitCodes.cancelled;
  }
  for await (const event of await client.cluster.drain({ host, stopStuck: flags.stopStuck === true })) {
    if (context.global.json) context.printJson(event);
    else context.print(event.message);
  }
  return exitCodes.ok;
}

function printPreview(context: Context, { moves, stuck, data, pinned }: DrainPreviewView): void {
  if (moves.length > 0)
    printTable(
      context,
      [
        { title: 'SERVICE' },
        { title: 'TASKS', right: true },
        { title: 'HOW' },
        { title: 'TO', flexible: true },
        { title: 'WHY', flexible: true },
      ],
      moves.map(({ service, tasks, how, to, why }) => [service, String(tasks), how, to.join(' '), why]),
    );
  else if (stuck.length === 0) context.print('No task of the Swarm runs there.');
  for (const { service, tasks, reasons } of stuck)
    context.print(`cannot move: ${count(tasks, 'task')} of ${service}: ${reasons.join('; ')}`);
  for (const each of data) context.print(`stays behind: ${each}`);
  for (const each of pinned) context.print(`is not moved: ${each}`);
}
