import type { Invocation } from '../../command/command.ts';
import { UsageError } from '../../command/errors.ts';
import { quote } from '../../command/quote.ts';
import type { Context } from '../../context.ts';
import { finishStarted } from '../../progress/follow.ts';
import { resolveStackName } from '../../project/stack-name.ts';
import type { rollbackSpec } from './specs.ts';

export async function run(context: Context, { flags, args }: Invocation<typeof rollbackSpec.flags>): Promise<number> {
  const [revision] = args;
  if (revision !== undefined && !/^[1-9]\d{0,8}$/.test(revision))
    throw new UsageError(`rollback: ${quote(revision)} is no revision; drover history has their numbers.`, 'rollback');
  const name = await resolveStackName(context);
  const { client } = await context.connect();
  const { deployment } = await client.stacks.rollback({
    name,
    ...(revision === undefined ? {} : { revision: Number(revision) }),
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
  });
  return finishStarted(context, deployment, flags.noWait);
}
