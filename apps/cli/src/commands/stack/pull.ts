import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { finishStarted } from '../../progress/follow.ts';
import { makeSource } from '../../source/make-source.ts';
import type { pullSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof pullSpec.flags>): Promise<number> {
  const { name, source } = await makeSource(context, args);
  const { client } = await context.connect();
  const { deployment } = await client.stacks.pull({
    name,
    ...(source === undefined ? {} : { source }),
    ...(args.length === 0 ? {} : { services: [...args] }),
  });
  return finishStarted(context, deployment, flags.noWait);
}
