import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { finishStarted } from '../../progress/follow.ts';
import { makeSource } from '../../source/make-source.ts';
import type { buildSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof buildSpec.flags>): Promise<number> {
  const { name, source } = await makeSource(context, args);
  const { client } = await context.connect();
  const { deployment } = await client.stacks.build({
    name,
    noCache: flags.noCache,
    pull: flags.pull,
    ...(source === undefined ? {} : { source }),
    ...(args.length === 0 ? {} : { services: [...args] }),
  });
  return finishStarted(context, deployment, flags.noWait);
}
