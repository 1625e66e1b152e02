import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { finishStarted } from '../../progress/follow.ts';
import { makeSource } from '../../source/make-source.ts';
import { deployOptions } from './deploy-options.ts';
import type { upSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof upSpec.flags>): Promise<number> {
  const options = deployOptions(flags, args, 'up');
  const { name, source } = await makeSource(context, args);
  const { client } = await context.connect();
  const { deployment } = await client.stacks.deploy({ name, options, ...(source === undefined ? {} : { source }) });
  return finishStarted(context, deployment, flags.noWait);
}
