import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { printTable } from '../../terminal/print-table.ts';
import { confirm } from '../../terminal/prompt.ts';
import { count, formatBytes } from '../../terminal/units.ts';
import type { pruneSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof pruneSpec.flags>): Promise<number> {
  const { client } = await context.connect();
  const { json } = context.global;
  const preview = await client.disk.prunePreview();
  if (flags.dryRun || preview.candidates.length === 0) {
    if (json) context.printJson(preview);
    else if (preview.candidates.length === 0) context.print('There is nothing to remove.');
    else showCandidates(context, preview);
    return exitCodes.ok;
  }
  if (!json) showCandidates(context, preview);
  const what = `Remove ${count(preview.candidates.length, 'thing')} and free ${formatBytes(preview.reclaimableBytes)}?`;
  if (!flags.yes && !(await confirm(context.terminal, what))) {
    context.say('Nothing was removed.');
    return exitCodes.cancelled;
  }
  const result = await client.disk.prune({ confirm: preview.confirm });
  if (json) context.printJson(result);
  else {
    for (const { id, reason } of result.kept) context.say(`kept ${id}: ${reason}`);
    context.print(`Removed ${count(result.removed.length, 'thing')}, freed ${formatBytes(result.reclaimedBytes)}.`);
  }
  return exitCodes.ok;
}

type Preview = {
  readonly candidates: readonly {
    readonly kind: string;
    readonly name: string;
    readonly sizeBytes: number;
    readonly reason: string;
  }[];
  readonly reclaimableBytes: number;
};

function showCandidates(context: Context, { candidates, reclaimableBytes }: Preview): void {
  printTable(
    context,
    [
      { title: 'KIND' },
      { title: 'NAME', flexible: true },
      { title: 'SIZE', right: true },
      { title: 'WHY', flexible: true },
    ],
    candidates.map(({ kind, name, sizeBytes, reason }) => [kind, name, formatBytes(sizeBytes), reason]),
  );
  context.print(`In all ${formatBytes(reclaimableBytes)}. Volumes are never removed.`);
}
