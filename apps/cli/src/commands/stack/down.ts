import type { Invocation } from '../../command/command.ts';
import { exitCodes } from '../../command/exit-codes.ts';
import type { Context } from '../../context.ts';
import { finishStarted } from '../../progress/follow.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import { confirm } from '../../terminal/prompt.ts';
import type { downSpec } from './specs.ts';

export async function run(context: Context, { flags }: Invocation<typeof downSpec.flags>): Promise<number> {
  const name = await resolveStackName(context);
  const losses = [
    ...(flags.volume.length > 0 ? [`the data in ${flags.volume.join(', ')}`] : []),
    ...(flags.forget ? [`the files, revisions and variables of ${name}`] : []),
  ];
  if (losses.length > 0 && !flags.yes) {
    if (!(await confirm(context.terminal, `${losses.join(' and ')} will be lost. Go on?`))) {
      context.say('Nothing was changed.');
      return exitCodes.cancelled;
    }
  }
  const { client } = await context.connect();
  const { deployment } = await client.stacks.remove({
    name,
    volumes: [...flags.volume],
    removeOrphans: flags.removeOrphans,
    forget: flags.forget,
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
  });
  return finishStarted(context, deployment, flags.noWait);
}
