import type { Invocation } from '../../command/command.ts';
import type { Context } from '../../context.ts';
import { finishStarted } from '../../progress/follow.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import type { stopSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof stopSpec.flags>): Promise<number> {
  const name = await resolveStackName(context);
  const { client } = await context.connect();
  const services = args.length === 0 ? {} : { services: [...args] };
  const { deployment } = await client.stacks.stop({
    name,
    ...services,
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
  });
  return finishStarted(context, deployment, flags.noWait);
}
