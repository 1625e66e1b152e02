import { messageOf } from '@drover/base';
import type { DrainPreviewView } from '@drover/contract';
import { followToEnd } from '../../client/follow.ts';
import type { Invocation } from '../../command/command.ts';
import { CancelledError } from '../../command/errors.ts';
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
  const detached = new AbortController();
  let interrupts = 0;
  const release = context.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) return detached.abort();
    context.say('Ending the drain; the host is as before then. Ctrl-C again ends only this command.');
    client.cluster.endDrain({ host }).catch((error: unknown) => context.say(`Not ended: ${messageOf(error)}`));
  });
  try {
    const events = followToEnd({
      // Who asks again while it is under way joins in.
      open: (signal) => client.cluster.drain({ host, stopStuck: flags.stopStuck === true }, { signal }),
      isLast: ({ ended }) => ended,
      lost: (why) => `following the drain of ${host}: ${why}; it may still be going on (drover host ls shows it)`,
      signal: detached.signal,
    });
    for await (const event of events) {
      if (context.global.json) context.printJson(event);
      else context.print(event.message);
    }
  } finally {
    release();
  }
  if (detached.signal.aborted)
    throw new CancelledError(`the drain of ${host} goes on without this command; drover host ls shows it`);
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
